package io.unroll.job.signature;

import java.util.Arrays;
import java.util.HashSet;
import java.util.Set;

/** What may become of a line's value while the state is kept. */
public enum Rule {
  /** It stays. */
  SAME {
    @Override
    boolean allows(String was, String is) {
      return was.equals(is);
    }
  },
  /** A list in any order: something may be added, nothing may go. */
  MAY_GROW {
    @Override
    boolean allows(String was, String is) {
      return elements(is).containsAll(elements(was));
    }

    private Set<String> elements(String list) {
      return new HashSet<>(Arrays.asList(list.split(SEPARATOR)));
    }
  },
  /** Only what is in the state has to stay: {@link Line#NOT_IN_STATE} may become anything. */
  WHERE_HELD {
    @Override
    boolean allows(String was, String is) {
      return was.equals(is) || was.equals(Line.NOT_IN_STATE) || is.equals(Line.NOT_IN_STATE);
    }
  },
  /** A number that may get larger. */
  MAY_RISE {
    @Override
    boolean allows(String was, String is) {
      return Integer.parseInt(is) >= Integer.parseInt(was);
    }
  };

  /** Between the elements of a list. */
  static final String SEPARATOR = ", ";

  abstract boolean allows(String was, String is);
}

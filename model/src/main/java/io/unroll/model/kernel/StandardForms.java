package io.unroll.model.kernel;

import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;

/** What each operator means without attributes: the list of all cells. */
final class StandardForms {
  /** A constant of {@link CellForm} would need the forms before their own constants are there. */
  static final Map<String, CellForm> BY_OPERATOR =
      List.of(RnnForm.STANDARD, LstmForm.STANDARD, GruForm.standard(false)).stream()
          .collect(Collectors.toUnmodifiableMap(CellForm::operator, Function.identity()));

  private StandardForms() {}
}

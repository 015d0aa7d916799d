package io.unroll.local;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.List;
import picocli.CommandLine;

/**
 * What the command line said and how it ended, as a user sees it.
 *
 * @param code exit code
 * @param out results
 * @param err progress and errors
 */
record Said(int code, String out, String err) {

  private static final String PHASE =
      "unroll: reading the pipeline .*"
          + "|[^ :]+: (asking the broker|starting an embedded Flink|restored from .*"
          + "|warming up the model.*)";

  /**
   * Runs the command line of {@code deploy/unroll} in this process; without the lines that a run
   * says only to tell what it is doing.
   */
  static Said by(Object... args) {
    Said said = inFull(args);
    StringBuilder err = new StringBuilder();
    said.err.lines().filter(line -> !line.matches(PHASE)).forEach(line -> err.append(line + "\n"));
    return new Said(said.code, said.out, err.toString());
  }

  /** The same with all lines. */
  static Said inFull(Object... args) {
    StringWriter out = new StringWriter();
    StringWriter err = new StringWriter();
    CommandLine cli =
        Main.commandLine(null).setOut(new PrintWriter(out)).setErr(new PrintWriter(err, true));
    String[] words = new String[args.length];
    for (int i = 0; i < args.length; i++) {
      words[i] = String.valueOf(args[i]);
    }
    int code = cli.execute(words);
    cli.getOut().flush();
    return new Said(code, out.toString(), err.toString());
  }

  List<String> outLines() {
    return out.lines().toList();
  }

  List<String> errLines() {
    return err.lines().toList();
  }

  boolean hasTrace() {
    return (out + err).contains("\tat ");
  }
}

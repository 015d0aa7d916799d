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

  /** Runs the command line of {@code deploy/unroll} in this process. */
  static Said by(Object... args) {
    StringWriter out = new StringWriter();
    StringWriter err = new StringWriter();
    CommandLine cli =
        Main.commandLine().setOut(new PrintWriter(out)).setErr(new PrintWriter(err, true));
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

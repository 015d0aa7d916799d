package io.unroll.job;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** All pages of the project: they stay short where they must, and lead somewhere. */
final class PagesTest {
  private static final Path ROOT = Path.of("..");
  private static final int FRONT_PAGE_BYTES = 12_000;
  private static final Pattern FENCED = Pattern.compile("(?ms)^```.*?^```$");
  private static final Pattern QUOTED = Pattern.compile("`[^`\n]*`");
  private static final Pattern LINK = Pattern.compile("\\]\\(([^)\\s]+)\\)");
  private static final Pattern ABSOLUTE = Pattern.compile("[a-z]+:.*");
  private static final Pattern JAVA_FILE = Pattern.compile("\\]\\([^)]+\\.java\\)");
  private static final Pattern LINES =
      Pattern.compile("(?s)<!-- lines of (\\S+) -->\n```java\n(.*?)```");
  private static final Pattern TEST = Pattern.compile("`([A-Z]\\w*(?:Test|ITCase|Soak))\\b");
  private static final Pattern HEADING = Pattern.compile("(?m)^#{1,6} (.+)$");

  /** What the build and runs leave behind. */
  private static final Set<String> LEFT_OUT = Set.of("target", ".git", ".unroll", "out");

  @Test
  void theFrontPageIsShort() throws IOException {
    long size = Files.size(ROOT.resolve("README.md"));
    assertTrue(size <= FRONT_PAGE_BYTES, "README.md has " + size + " bytes");
  }

  @Test
  void theVersionsOnTheFrontPageAreThoseOfTheBuild() throws IOException {
    String pom = Files.readString(ROOT.resolve("pom.xml"));
    String expected =
        "Java %s or later, Flink %s, kafka-clients %s."
            .formatted(
                property(pom, "maven.compiler.release"),
                property(pom, "flink.version"),
                property(pom, "kafka.version"));
    assertTrue(Files.readString(ROOT.resolve("README.md")).contains(expected), expected);
  }

  private static String property(String pom, String name) {
    String tag = "<" + name + ">";
    int begin = pom.indexOf(tag) + tag.length();
    return pom.substring(begin, pom.indexOf('<', begin));
  }

  /** That the files exist is what {@link #everyLinkLeadsToAFileAndAHeading} holds. */
  @Test
  void theContributorsPageNamesTheFilesOfTenTasks() throws IOException {
    String page = Files.readString(ROOT.resolve(".github/CONTRIBUTING.md"));
    for (String task :
        List.of(
            "A key",
            "An ONNX operator",
            "A kernel function",
            "A cell",
            "A source format",
            "A metric",
            "A close reason",
            "A field of the state",
            "A command",
            "An output")) {
      int begin = page.indexOf("\n### " + task + "\n");
      assertTrue(begin >= 0, task);
      int end = page.indexOf("\n### ", begin + 1);
      Matcher file = JAVA_FILE.matcher(page.substring(begin, end < 0 ? page.length() : end));
      assertTrue(file.results().count() >= 3, task + " names hardly any file");
    }
  }

  @Test
  void codeOnTheContributorsPageStandsInTheFilesThatItNames() throws IOException {
    Matcher block = LINES.matcher(Files.readString(ROOT.resolve(".github/CONTRIBUTING.md")));
    int blocks = 0;
    while (block.find()) {
      String source = Files.readString(ROOT.resolve(block.group(1)));
      assertTrue(source.contains(block.group(2)), block.group());
      blocks++;
    }
    assertTrue(blocks > 0, "the page shows no code");
  }

  @Test
  void everyLinkLeadsToAFileAndAHeading() throws IOException {
    List<String> dead = new ArrayList<>();
    int links = 0;
    for (Path page : files(".md")) {
      Matcher link = LINK.matcher(QUOTED.matcher(prose(page)).replaceAll("code"));
      while (link.find()) {
        if (!ABSOLUTE.matcher(link.group(1)).matches()) {
          links++;
          if (!resolves(page, link.group(1))) {
            dead.add(page + " links to " + link.group(1));
          }
        }
      }
    }
    assertEquals(List.of(), dead);
    assertTrue(links > 100, "found " + links + " links");
  }

  @Test
  void testsThatPagesNameExist() throws IOException {
    Set<String> tests = new TreeSet<>();
    for (Path file : files(".java")) {
      tests.add(file.getFileName().toString().replace(".java", ""));
    }
    List<String> missing = new ArrayList<>();
    for (Path page : files(".md")) {
      Matcher test = TEST.matcher(prose(page));
      while (test.find()) {
        if (!tests.contains(test.group(1))) {
          missing.add(page + " names " + test.group(1));
        }
      }
    }
    assertEquals(List.of(), missing);
  }

  private static boolean resolves(Path page, String link) throws IOException {
    int hash = link.indexOf('#');
    String file = hash < 0 ? link : link.substring(0, hash);
    Path target = file.isEmpty() ? page : page.resolveSibling(file).normalize();
    return Files.exists(target) && (hash < 0 || anchors(target).contains(link.substring(hash + 1)));
  }

  /** A page's anchors, as forges make them of its headings. */
  private static Set<String> anchors(Path page) throws IOException {
    Set<String> anchors = new TreeSet<>();
    Matcher heading = HEADING.matcher(prose(page));
    while (heading.find()) {
      String text = heading.group(1).strip().toLowerCase(Locale.ROOT);
      anchors.add(text.replaceAll("[^\\p{L}\\p{N}_ -]", "").replace(' ', '-'));
    }
    return anchors;
  }

  private static String prose(Path page) throws IOException {
    return FENCED.matcher(Files.readString(page)).replaceAll("");
  }

  private static List<Path> files(String ending) throws IOException {
    List<Path> files = new ArrayList<>();
    Files.walkFileTree(
        ROOT,
        new SimpleFileVisitor<>() {
          @Override
          public FileVisitResult preVisitDirectory(Path folder, BasicFileAttributes attributes) {
            return LEFT_OUT.contains(folder.getFileName().toString())
                ? FileVisitResult.SKIP_SUBTREE
                : FileVisitResult.CONTINUE;
          }

          @Override
          public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) {
            if (file.toString().endsWith(ending)) {
              files.add(file);
            }
            return FileVisitResult.CONTINUE;
          }
        });
    return files;
  }
}

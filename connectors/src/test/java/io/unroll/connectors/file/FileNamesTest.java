package io.unroll.connectors.file;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.File;
import org.apache.flink.core.fs.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class FileNamesTest {

  @ParameterizedTest
  @CsvSource({
    "/in, file:/in/a/b.csv, a/b.csv",
    "/in/, file:/in/b.csv, b.csv",
    "file:///in/x, file:/in/x/b c.csv, b c.csv",
    "/in/b.csv, file:/in/b.csv, b.csv",
    "/in, file:/input/b.csv, b.csv",
    "s3://bucket/, s3://bucket/a/b.csv, a/b.csv"
  })
  void nameFilesBelowTheRoot(String root, String file, String expected) {
    assertEquals(expected, FileNames.below(new Path(root)).of(new Path(file)));
  }

  @Test
  void aRelativeRootIsBelowTheWorkingDirectory() {
    FileNames names = FileNames.below(new Path("feeds"));
    String absolute = new File("feeds").getAbsolutePath();
    assertEquals("a.csv", names.of(new Path("file:" + absolute + "/a.csv")));
    assertTrue(names.isRoot(new Path("file:" + absolute)));
    assertFalse(names.isRoot(new Path("file:" + absolute + "/a.csv")));
  }
}

package io.unroll.local;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/** The TCP addresses that this process listens on, from Linux's own tables. */
final class ListeningSockets {
  private static final String LISTEN = "0A";

  private ListeningSockets() {}

  /** Local addresses in the kernel's hexadecimal, without ports. */
  static Set<String> addresses() throws IOException {
    Set<String> own = new HashSet<>();
    try (var descriptors = Files.newDirectoryStream(Path.of("/proc/self/fd"))) {
      for (Path descriptor : descriptors) {
        String target = target(descriptor);
        if (target.startsWith("socket:[")) {
          own.add(target.substring("socket:[".length(), target.length() - 1));
        }
      }
    }
    Set<String> addresses = new TreeSet<>();
    for (String table : List.of("tcp", "tcp6")) {
      List<String> lines = Files.readAllLines(Path.of("/proc/self/net", table));
      for (String line : lines.subList(1, lines.size())) {
        String[] columns = line.trim().split(" +", -1);
        if (columns[3].equals(LISTEN) && own.contains(columns[9])) {
          addresses.add(columns[1].substring(0, columns[1].indexOf(':')));
        }
      }
    }
    return addresses;
  }

  private static String target(Path descriptor) throws IOException {
    try {
      return Files.readSymbolicLink(descriptor).toString();
    } catch (NoSuchFileException e) {
      return "closed between the listing and the look";
    }
  }

  /** 127.0.0.0/8, also as an IPv6 address, or ::1; the kernel writes words in little-endian. */
  static boolean isLoopback(String address) {
    return address.matches("(0000000000000000FFFF0000)?[0-9A-F]{6}7F")
        || address.equals("00000000000000000000000001000000");
  }
}

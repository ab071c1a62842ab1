// SPDX-License-Identifier: MIT
// Dump - the properties of each file, as java.util.Properties has them: a line
// "NUMBER" for a file that it takes, then "NUMBER KEY VALUE" in base64, sorted.
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import java.util.Properties;
import java.util.TreeSet;

public class Dump {
    static String encode(String text) {
        return Base64.getEncoder().encodeToString(
                text.getBytes(StandardCharsets.UTF_8));
    }

    public static void main(String[] args) throws IOException {
        StringBuilder out = new StringBuilder();
        for (int i = 0; i < args.length; i++) {
            Properties found = new Properties();
            try (var file = Files.newInputStream(Path.of(args[i]))) {
                found.load(file);
            } catch (IllegalArgumentException malformed) {
                continue;
            }
            out.append(i).append('\n');
            for (String key : new TreeSet<>(found.stringPropertyNames()))
                out.append(i).append(' ').append(encode(key)).append(' ')
                        .append(encode(found.getProperty(key))).append('\n');
        }
        System.out.print(out);
    }
}

// SPDX-License-Identifier: MIT
// Read - the property "b" of each file in a folder, as java.util.Properties
// has it: a line "NAME BASE64" where its neighbours "a" and "c" are as they
// were and Latin-1 and UTF-8 give the same.
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import java.util.Properties;

public class Read {
    public static void main(String[] args) throws IOException {
        StringBuilder out = new StringBuilder();
        try (var files = Files.newDirectoryStream(Path.of(args[0]))) {
            for (Path file : files) {
                byte[] text = Files.readAllBytes(file);
                Properties latin = new Properties();
                Properties utf = new Properties();
                latin.load(new ByteArrayInputStream(text));
                utf.load(new InputStreamReader(new ByteArrayInputStream(text),
                        StandardCharsets.UTF_8));
                if (!latin.equals(utf) || latin.size() != 3
                        || !"x".equals(latin.get("a"))
                        || !"y".equals(latin.get("c")))
                    continue;
                byte[] value = latin.getProperty("b")
                        .getBytes(StandardCharsets.UTF_8);
                out.append(file.getFileName()).append(' ')
                        .append(Base64.getEncoder().encodeToString(value))
                        .append('\n');
            }
        }
        System.out.print(out);
    }
}

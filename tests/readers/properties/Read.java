// SPDX-License-Identifier: MIT
// Read - the properties of each of some files, as java.util.Properties has
// them: a line of JSON a file, [["key", "value"], ...] in base64, or null
// where it refuses the file, or Latin-1 and UTF-8 do not give the same.
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import java.util.Properties;
import java.util.stream.Collectors;

public class Read {
    static String encode(Object text) {
        return '"' + Base64.getEncoder().encodeToString(
                text.toString().getBytes(StandardCharsets.UTF_8)) + '"';
    }

    static String read(byte[] text) throws IOException {
        Properties latin = new Properties();
        Properties utf = new Properties();
        try {
            latin.load(new ByteArrayInputStream(text));
            utf.load(new InputStreamReader(new ByteArrayInputStream(text),
                    StandardCharsets.UTF_8));
        } catch (IllegalArgumentException malformed) {
            return "null";
        }
        if (!latin.equals(utf))
            return "null";
        return latin.entrySet().stream()
                .map(e -> "[" + encode(e.getKey()) + ","
                        + encode(e.getValue()) + "]")
                .collect(Collectors.joining(",", "[", "]"));
    }

    public static void main(String[] args) throws IOException {
        StringBuilder out = new StringBuilder();
        for (String name : args)
            out.append(read(Files.readAllBytes(Path.of(name)))).append('\n');
        System.out.print(out);
    }
}

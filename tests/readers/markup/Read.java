// SPDX-License-Identifier: MIT
// Read - the files that are named, as Java's parser has them: for each
// attribute and each element a line "FILE PATH BASE64" with its own text.
import java.io.File;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import javax.xml.parsers.DocumentBuilder;
import javax.xml.parsers.DocumentBuilderFactory;
import org.w3c.dom.Node;
import org.xml.sax.SAXException;

public class Read {
    static final StringBuilder out = new StringBuilder();

    static void print(String file, String path, String text) {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        out.append(file).append(' ').append(path).append(' ')
                .append(Base64.getEncoder().encodeToString(bytes))
                .append('\n');
    }

    static void walk(String file, String above, Node element) {
        String path = above + "/" + element.getNodeName();
        StringBuilder text = new StringBuilder();
        var attributes = element.getAttributes();
        for (int i = 0; i < attributes.getLength(); i++) {
            Node attribute = attributes.item(i);
            print(file, path + "@" + attribute.getNodeName(),
                    attribute.getNodeValue());
        }
        for (Node n = element.getFirstChild(); n != null;
                n = n.getNextSibling()) {
            if (n.getNodeType() == Node.ELEMENT_NODE)
                walk(file, path, n);
            else if (n.getNodeType() == Node.TEXT_NODE
                    || n.getNodeType() == Node.CDATA_SECTION_NODE)
                text.append(n.getNodeValue());
        }
        print(file, path, text.toString());
    }

    public static void main(String[] args) throws Exception {
        DocumentBuilder builder =
                DocumentBuilderFactory.newInstance().newDocumentBuilder();
        builder.setErrorHandler(null);
        for (String file : args) {
            try {
                walk(file, "", builder.parse(new File(file))
                        .getDocumentElement());
            } catch (SAXException refused) {
                System.err.println(file + ": " + refused.getMessage());
            }
        }
        System.out.print(out);
    }
}

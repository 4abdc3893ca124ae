package org.consentgateway.sip.endpoint;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A message of RFC 4475 or RFC 5118, as {@code torture/*.txt} has it. Immutable.
 *
 * @param name with the section it is of
 * @param answers statuses that are right
 * @param silence whether none is right, too
 */
record Torture(String name, List<Integer> answers, boolean silence, String text) {
    private static final Pattern TITLE = Pattern.compile("### (.*?) \\| (.*?) \\| (.*)");
    private static final Pattern REPEAT =
            Pattern.compile("<repeat count=(\\d+)>(.*?)</repeat>", Pattern.DOTALL);
    private static final Pattern ONE_LINE =
            Pattern.compile("<allOneLine>\\n(.*?)\\n</allOneLine>", Pattern.DOTALL);
    private static final Pattern HEX = Pattern.compile("<hex>([0-9A-F\\s]*)</hex>");

    static List<Torture> of(String file, String transport) throws IOException {
        List<Torture> all = new ArrayList<>();
        String title = "";
        StringBuilder text = new StringBuilder();
        for (String line : (read(file) + "\n### end | none | end").split("\n", -1)) {
            if (!line.startsWith("### ")) {
                text.append(line).append('\n');
                continue;
            }
            if (!title.isEmpty()) {
                all.add(one(title, text.toString(), transport));
            }
            title = line;
            text.setLength(0);
        }
        return all;
    }

    private static String read(String file) throws IOException {
        try (InputStream in = Torture.class.getResourceAsStream("/torture/" + file)) {
            return new String(Objects.requireNonNull(in).readAllBytes(), StandardCharsets.UTF_8)
                    .stripTrailing();
        }
    }

    private static Torture one(String title, String text, String transport) {
        Matcher parts = TITLE.matcher(title);
        if (!parts.matches()) {
            throw new IllegalArgumentException(title);
        }
        String right = parts.group(2);
        for (String choice : right.split(", ", -1)) {
            if (choice.startsWith(transport.toLowerCase(Locale.ROOT) + " ")) {
                right = choice.substring(transport.length() + 1);
            }
        }
        List<Integer> answers = new ArrayList<>();
        for (String each : right.split("\\|", -1)) {
            if (!each.equals("none")) {
                answers.add(Integer.valueOf(each));
            }
        }
        String last = text.contains("\n\n") ? text : text + "\n";
        return new Torture(
                parts.group(1) + ": " + parts.group(3), answers, right.contains("none"), last);
    }

    /** As it goes over the wire, sent by somebody. */
    byte[] octets(String transport, String host, int port) {
        String plain =
                ONE_LINE.matcher(text)
                        .replaceAll(m -> Matcher.quoteReplacement(m.group(1).replace("\n", "")));
        plain =
                REPEAT.matcher(plain)
                        .replaceAll(m ->
                                Matcher.quoteReplacement(
                                        m.group(2).repeat(Integer.parseInt(m.group(1)))));
        String address = host + ":" + port;
        plain = plain.replace("@T@", transport).replace("@V@", address).replace("\n", "\r\n");
        // The stack tells transactions apart by the branch alone, not by its sender, too.
        plain = plain.replaceFirst("(branch=z9hG4bK[A-Za-z0-9-]+)", "$1" + port);
        ByteArrayOutputStream octets = new ByteArrayOutputStream();
        Matcher hex = HEX.matcher(plain);
        int at = 0;
        while (hex.find()) {
            octets.writeBytes(plain.substring(at, hex.start()).getBytes(StandardCharsets.UTF_8));
            octets.writeBytes(HexFormat.of().parseHex(hex.group(1).replaceAll("\\s", "")));
            at = hex.end();
        }
        octets.writeBytes(plain.substring(at).getBytes(StandardCharsets.UTF_8));
        return octets.toByteArray();
    }

    @Override
    public String toString() {
        return name;
    }
}

package org.consentgateway.review;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * Makes the file of a variant from that of the text it is tried against: line by line, so that all
 * comments stay where they are.
 */
final class VariantFile {
    private static final String SIGN_OFF = "sign-off:";
    private static final String TEXTS = "texts:";

    private VariantFile() {}

    /**
     * @param text of the file
     * @param variant by which the copy is called; nobody hears it but in experiments
     * @param parts with other words
     * @param who has approved the words; empty: nobody
     * @param when they were approved, ISO 8601
     */
    static String of(
            String text, String variant, Map<String, String> parts, String who, String when) {
        List<String> lines = new ArrayList<>();
        Map<String, String> left = new TreeMap<>(parts);
        List<String> all = text.lines().toList();
        boolean named = all.stream().anyMatch(line -> line.startsWith("variant:"));
        for (int i = 0; i < all.size(); ) {
            String line = all.get(i);
            int end = i + 1;
            if (line.startsWith("variant:") || line.startsWith("weight:")) {
                lines.add(line.startsWith("variant:") ? "variant: " + variant : "weight: 0");
            } else if (line.startsWith("version:") && !named) {
                lines.add(line);
                lines.add("variant: " + variant);
            } else if (line.startsWith(SIGN_OFF)) {
                end = endOfBlock(all, i);
                lines.add(SIGN_OFF);
                lines.add("  who: " + quoted(who));
                lines.add("  when: " + (who.isEmpty() ? quoted("") : when));
            } else if (line.startsWith(TEXTS)) {
                end = endOfBlock(all, i);
                lines.add(line);
                lines.addAll(texts(all.subList(i + 1, end), left));
            } else {
                lines.add(line);
            }
            i = end;
        }
        return String.join("\n", lines) + "\n";
    }

    private static List<String> texts(List<String> block, Map<String, String> left) {
        List<String> lines = new ArrayList<>();
        for (int i = 0; i < block.size(); ) {
            String line = block.get(i);
            int end = i + 1;
            String part = part(line);
            String words = left.remove(part);
            if (words == null) {
                lines.add(line);
            } else {
                // What is written over several lines stands deeper.
                while (end < block.size() && block.get(end).startsWith("   ")) {
                    end++;
                }
                lines.add("  " + part + ": " + quoted(words));
            }
            i = end;
        }
        int place = lines.size();
        while (place > 0 && lines.get(place - 1).isBlank()) {
            place--;
        }
        for (Map.Entry<String, String> each : left.entrySet()) {
            lines.add(place++, "  " + each.getKey() + ": " + quoted(each.getValue()));
        }
        return lines;
    }

    /** Empty where the line begins none. */
    private static String part(String line) {
        int colon = line.indexOf(':');
        boolean begins = line.startsWith("  ") && !line.startsWith("   ") && colon > 2;
        return begins && line.charAt(2) != '#' ? line.substring(2, colon) : "";
    }

    /** The next line that begins a key at the left edge, with the comments above it. */
    private static int endOfBlock(List<String> lines, int begin) {
        int end = begin + 1;
        for (int i = begin + 1; i < lines.size() && isInside(lines.get(i)); i++) {
            boolean above = lines.get(i).isBlank() || lines.get(i).startsWith("#");
            end = above ? end : i + 1;
        }
        return end;
    }

    private static boolean isInside(String line) {
        return line.isBlank() || line.startsWith(" ") || line.startsWith("#");
    }

    /** As YAML 1.2 reads it in double quotes. */
    private static String quoted(String words) {
        return '"' + words.replace("\\", "\\\\").replace("\"", "\\\"") + '"';
    }
}

package org.consentgateway.notice;

import java.nio.file.Path;
import java.time.LocalDate;
import java.time.Period;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.consentgateway.config.Node;
import org.consentgateway.config.YamlReader;
import org.jspecify.annotations.Nullable;

/**
 * Confined to one load. Takes fields out of a file and writes down what is missing or odd, so that
 * one run shows all errors.
 */
final class Form {
    private static final String QUOTES = "key: text, and quotes around text that holds a colon";

    private final Spot at;
    private final Map<String, Node.Member> fields;
    private final List<NoticeProblem> problems;
    private final Set<String> asked = new TreeSet<>();

    private Form(Spot at, Map<String, Node.Member> fields, List<NoticeProblem> problems) {
        this.at = at;
        this.fields = fields;
        this.problems = problems;
    }

    /** The form of a file of keys; a problem and empty if it is none. */
    static Optional<Form> read(Path file, List<NoticeProblem> problems) {
        int before = problems.size();
        Node document =
                YamlReader.read(
                        file,
                        (line, key, wrong, right) ->
                                problems.add(
                                        new NoticeProblem(
                                                new Spot(file, line, key),
                                                wrong,
                                                right.isEmpty() ? QUOTES : right)));
        var start = new Spot(file, 1, "");
        if (document instanceof Node.Keys keys) {
            return Optional.of(new Form(start, keys.entries(), problems));
        }
        if (problems.size() == before) {
            problems.add(new NoticeProblem(start, "holds no keys", "version: 2026-11"));
        }
        return Optional.empty();
    }

    /** The empty string where it is missing, which is written down. */
    String text(String key, String example) {
        asked.add(key);
        Node.Member entry = fields.get(key);
        String text = entry == null ? "" : text(entry.value());
        if (text.isEmpty()) {
            String wrong = entry == null ? "is missing" : "a text is wanted";
            problems.add(new NoticeProblem(spot(key), wrong, key + ": " + example));
        }
        return text.strip();
    }

    String text(String key, String example, String ifMissing) {
        asked.add(key);
        return fields.containsKey(key) ? text(key, example) : ifMissing;
    }

    LocalDate date(String key, String example) {
        String text = text(key, example);
        if (text.isEmpty()) {
            return LocalDate.MAX;
        }
        try {
            return LocalDate.parse(text);
        } catch (DateTimeParseException e) {
            problems.add(
                    new NoticeProblem(
                            spot(key), "\"" + text + "\" is no date", key + ": " + example));
            return LocalDate.MAX;
        }
    }

    /** Some time of days, months or years. */
    Period period(String key, String example) {
        String text = text(key, example);
        try {
            Period period = text.isEmpty() ? Period.ofDays(1) : Period.parse(text);
            if (!period.isNegative() && !period.isZero()) {
                return period;
            }
        } catch (DateTimeParseException e) {
            // told below
        }
        problems.add(
                new NoticeProblem(
                        spot(key), "\"" + text + "\" is no time of days", key + ": " + example));
        return Period.ofDays(1);
    }

    boolean truth(String key) {
        String text = text(key, "true");
        if (!text.isEmpty() && !text.equals("true") && !text.equals("false")) {
            problems.add(
                    new NoticeProblem(
                            spot(key), "\"" + text + "\" is not true or false", key + ": true"));
        }
        return text.equals("true");
    }

    int number(String key, int ifMissing) {
        String text = text(key, "1", Integer.toString(ifMissing));
        if (text.isEmpty() || text.matches("0|[1-9]\\d{0,5}")) {
            return text.isEmpty() ? ifMissing : Integer.parseInt(text);
        }
        problems.add(
                new NoticeProblem(
                        spot(key), "\"" + text + "\" is no number from 0 up", key + ": 1"));
        return ifMissing;
    }

    /** The empty string where it is missing or empty, which is right. */
    String maybeText(String key) {
        asked.add(key);
        Node.Member entry = fields.get(key);
        return entry == null ? "" : text(entry.value()).strip();
    }

    List<String> list(String key, String example) {
        List<String> out = maybeList(key);
        if (out.isEmpty()) {
            problems.add(
                    new NoticeProblem(
                            spot(key), "a list is wanted that is not empty", key + ": " + example));
        }
        return out;
    }

    /** The same where it may be missing. */
    List<String> maybeList(String key) {
        asked.add(key);
        var out = new ArrayList<String>();
        if (value(key) instanceof Node.Items items) {
            items.nodes().stream()
                    .map(Form::text)
                    .filter(text -> !text.isEmpty())
                    .forEach(text -> out.add(text.strip()));
        }
        return out;
    }

    Form form(String key, String example) {
        asked.add(key);
        if (value(key) instanceof Node.Keys inner) {
            return new Form(spot(key), inner.entries(), problems);
        }
        problems.add(new NoticeProblem(spot(key), "is missing or holds no keys", example));
        return new Form(spot(key), Map.of(), new ArrayList<>());
    }

    /** Empty where it is missing, which is right. */
    Optional<Form> maybeForm(String key) {
        asked.add(key);
        return fields.containsKey(key)
                ? Optional.of(form(key, key + ": with keys of its own"))
                : Optional.empty();
    }

    /** The forms of a list. */
    List<Form> forms(String key, String example) {
        asked.add(key);
        var out = new ArrayList<Form>();
        if (value(key) instanceof Node.Items items) {
            for (Node node : items.nodes()) {
                if (node instanceof Node.Keys inner) {
                    int line = inner.entries().values().iterator().next().line();
                    out.add(new Form(at.at(line, key), inner.entries(), problems));
                }
            }
        }
        if (out.isEmpty()) {
            problems.add(new NoticeProblem(spot(key), "a list of keys is wanted", example));
        }
        return out;
    }

    void wrong(String key, String what, String right) {
        problems.add(new NoticeProblem(spot(key), what, key + ": " + right));
    }

    /** In the order in which they stand. */
    List<String> keys() {
        return List.copyOf(fields.keySet());
    }

    /** Where each field stands. */
    Map<String, Spot> spots() {
        var out = new LinkedHashMap<String, Spot>();
        fields.keySet().forEach(key -> out.put(key, spot(key)));
        return Map.copyOf(out);
    }

    /** All fields as texts. */
    Map<String, NoticeText> texts() {
        asked.addAll(fields.keySet());
        var out = new LinkedHashMap<String, NoticeText>();
        fields.forEach((key, entry) -> {
            String text = text(entry.value());
            if (text.isEmpty()) {
                problems.add(
                        new NoticeProblem(spot(key), "a text is wanted", key + ": Guten Tag."));
            } else {
                out.put(key, new NoticeText(spot(key), text));
            }
        });
        return out;
    }

    Spot spot(String key) {
        Node.Member entry = fields.get(key);
        return entry == null ? at.child(key) : at.at(entry.line(), key);
    }

    private @Nullable Node value(String key) {
        Node.Member entry = fields.get(key);
        return entry == null ? null : entry.value();
    }

    /** Empty if it is no text, or holds nothing but space. */
    private static String text(Node value) {
        return value instanceof Node.Scalar(int _, String text) && !text.isBlank() ? text : "";
    }

    /** Writes down every field nobody asked for: mostly a slip of the pen. */
    void noOthers() {
        for (String key : fields.keySet()) {
            if (!asked.contains(key)) {
                problems.add(
                        new NoticeProblem(
                                spot(key), "no such key", "one of " + String.join(", ", asked)));
            }
        }
    }
}

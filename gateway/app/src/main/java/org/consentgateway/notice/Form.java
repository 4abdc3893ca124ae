package org.consentgateway.notice;

import java.time.LocalDate;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/**
 * Confined to one load. Takes fields out of a file and writes down what is missing or odd, so that
 * one run shows all errors.
 */
final class Form {
    private final Yaml.Fields fields;
    private final List<NoticeProblem> problems;
    private final Set<String> asked = new TreeSet<>();

    Form(Yaml.Fields fields, List<NoticeProblem> problems) {
        this.fields = fields;
        this.problems = problems;
    }

    /** The empty string where it is missing, which is written down. */
    String text(String key, String example) {
        asked.add(key);
        Yaml value = fields.fields().get(key);
        if (value instanceof Yaml.Text text && !text.value().isBlank()) {
            return text.value().strip();
        }
        if (value == null) {
            problems.add(
                    new NoticeProblem(
                            fields.spot().child(key), "is missing", key + ": " + example));
        } else {
            problems.add(new NoticeProblem(value.spot(), "a text is wanted", key + ": " + example));
        }
        return "";
    }

    String text(String key, String example, String ifMissing) {
        asked.add(key);
        return fields.fields().containsKey(key) ? text(key, example) : ifMissing;
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

    boolean truth(String key) {
        String text = text(key, "true");
        if (!text.isEmpty() && !text.equals("true") && !text.equals("false")) {
            problems.add(
                    new NoticeProblem(
                            spot(key), "\"" + text + "\" is not true or false", key + ": true"));
        }
        return text.equals("true");
    }

    int atLeastOne(String key, int ifMissing) {
        String text = text(key, "1", Integer.toString(ifMissing));
        if (text.isEmpty() || text.matches("[1-9]\\d{0,5}")) {
            return text.isEmpty() ? ifMissing : Integer.parseInt(text);
        }
        problems.add(
                new NoticeProblem(
                        spot(key), "\"" + text + "\" is no number from 1 up", key + ": 1"));
        return ifMissing;
    }

    List<String> list(String key, String example) {
        asked.add(key);
        var out = new ArrayList<String>();
        if (fields.fields().get(key) instanceof Yaml.Items items) {
            for (Yaml item : items.items()) {
                if (item instanceof Yaml.Text text && !text.value().isBlank()) {
                    out.add(text.value().strip());
                }
            }
        }
        if (out.isEmpty()) {
            problems.add(
                    new NoticeProblem(
                            spot(key), "a list is wanted that is not empty", key + ": " + example));
        }
        return out;
    }

    Form form(String key, String example) {
        asked.add(key);
        if (fields.fields().get(key) instanceof Yaml.Fields inner) {
            return new Form(inner, problems);
        }
        problems.add(new NoticeProblem(spot(key), "is missing or holds no keys", example));
        return new Form(new Yaml.Fields(spot(key), Map.of()), new ArrayList<>());
    }

    /** All fields as texts. */
    Map<String, Yaml.Text> texts() {
        var out = new LinkedHashMap<String, Yaml.Text>();
        fields.fields()
                .forEach((key, value) -> {
                    if (value instanceof Yaml.Text text && !text.value().isBlank()) {
                        out.put(key, text);
                    } else {
                        problems.add(
                                new NoticeProblem(
                                        value.spot(), "a text is wanted", key + ": Guten Tag."));
                    }
                });
        return out;
    }

    Yaml.Spot spot(String key) {
        return fields.field(key).map(Yaml::spot).orElse(fields.spot().child(key));
    }

    /** Writes down every field nobody asked for: mostly a slip of the pen. */
    void noOthers() {
        fields.fields()
                .forEach((key, value) -> {
                    if (!asked.contains(key)) {
                        problems.add(
                                new NoticeProblem(
                                        value.spot(),
                                        "no such key",
                                        "one of " + String.join(", ", asked)));
                    }
                });
    }
}

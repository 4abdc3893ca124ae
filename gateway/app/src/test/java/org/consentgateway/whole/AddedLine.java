package org.consentgateway.whole;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * A line that a test adds to its gateway, written as YAML by {@link #toString}. Immutable. It asks
 * in English for the level {@code basis}.
 */
record AddedLine(String name, String number, Map<String, String> keys) {
    AddedLine {
        keys = Map.copyOf(keys);
    }

    /** With the assistant of that name, and the human of every test gateway. */
    static AddedLine to(String assistant, String number) {
        return new AddedLine(
                assistant,
                number,
                Map.of(
                        "notice", "demo",
                        "languages", "[en]",
                        "levels", "[basis]",
                        "first-input", "3s",
                        "assistant", assistant,
                        "humans", "[human]"));
    }

    AddedLine named(String other) {
        return new AddedLine(other, number, keys);
    }

    AddedLine levels(String ids) {
        return with("levels", "[" + ids + "]");
    }

    AddedLine with(String key, Object value) {
        var more = new LinkedHashMap<>(keys);
        more.put(key, value.toString());
        return new AddedLine(name, number, more);
    }

    @Override
    public String toString() {
        return keys.entrySet().stream()
                .map(key -> ", " + key.getKey() + ": " + key.getValue())
                .collect(
                        Collectors.joining(
                                "",
                                "  - {name: " + name + ", numbers: [\"" + number + "\"]",
                                "}\n"));
    }
}

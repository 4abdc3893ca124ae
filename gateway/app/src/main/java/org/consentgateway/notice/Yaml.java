package org.consentgateway.notice;

import com.fasterxml.jackson.core.JsonLocation;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Immutable. A YAML file that remembers on which line each thing stands. */
sealed interface Yaml {
    /** A notice is some hundred short lines. */
    int MAX_OCTETS = 1_000_000;

    int MAX_DEPTH = 10;

    YAMLFactory FACTORY =
            YAMLFactory.builder().enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION).build();

    /** Where something stands, or where it is missing. */
    record Spot(Path file, int line, String key) {
        Spot child(String name) {
            return new Spot(file, line, key.isEmpty() ? name : key + "." + name);
        }
    }

    Spot spot();

    record Text(Spot spot, String value) implements Yaml {}

    record Items(Spot spot, List<Yaml> items) implements Yaml {}

    record Fields(Spot spot, Map<String, Yaml> fields) implements Yaml {
        Optional<Yaml> field(String name) {
            return Optional.ofNullable(fields.get(name));
        }
    }

    /** The root of a file that is a mapping; a problem and empty where it is not. */
    static Optional<Fields> read(Path file, List<NoticeProblem> problems) {
        var start = new Spot(file, 1, "");
        try {
            if (Files.size(file) > MAX_OCTETS) {
                problems.add(new NoticeProblem(start, "far too long for a notice", "under 100 kB"));
                return Optional.empty();
            }
            try (JsonParser in = FACTORY.createParser(Files.readString(file))) {
                in.nextToken();
                if (in.currentToken() == JsonToken.START_OBJECT
                        && value(in, start, 0) instanceof Fields fields) {
                    return Optional.of(fields);
                }
            }
            problems.add(new NoticeProblem(start, "holds no keys", "version: 2026-11"));
        } catch (JsonProcessingException e) {
            JsonLocation at = e.getLocation();
            problems.add(
                    new NoticeProblem(
                            new Spot(file, at == null ? 1 : at.getLineNr(), ""),
                            "is not YAML: " + e.getOriginalMessage().lines().findFirst().orElse(""),
                            "key: text, and quotes around text that holds a colon"));
        } catch (IOException e) {
            problems.add(new NoticeProblem(start, "cannot be read: " + e, "a file in UTF-8"));
        }
        return Optional.empty();
    }

    private static Yaml value(JsonParser in, Spot spot, int depth) throws IOException {
        if (depth > MAX_DEPTH) {
            throw new IOException("nested deeper than " + MAX_DEPTH);
        }
        if (in.currentToken() == JsonToken.START_OBJECT) {
            var fields = new LinkedHashMap<String, Yaml>();
            while (in.nextToken() == JsonToken.FIELD_NAME) {
                String name = in.currentName();
                Spot child =
                        new Spot(spot.file(), in.currentTokenLocation().getLineNr(), spot.key())
                                .child(name);
                in.nextToken();
                fields.put(name, value(in, child, depth + 1));
            }
            return new Fields(spot, fields);
        }
        if (in.currentToken() == JsonToken.START_ARRAY) {
            var items = new ArrayList<Yaml>();
            while (in.nextToken() != JsonToken.END_ARRAY) {
                Spot child =
                        new Spot(spot.file(), in.currentTokenLocation().getLineNr(), spot.key());
                items.add(value(in, child, depth + 1));
            }
            return new Items(spot, items);
        }
        String text = in.currentToken() == JsonToken.VALUE_NULL ? "" : in.getText();
        return new Text(spot, text == null ? "" : text);
    }
}

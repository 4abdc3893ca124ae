package org.consentgateway.config;

import java.io.IOException;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.RecordComponent;
import java.lang.reflect.Type;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.StringJoiner;
import java.util.regex.Pattern;

/**
 * Confined to one read. Every key of a schema with what is in force, as it is written, where it
 * stands and what it means. Passwords are not in it.
 */
public final class SettingsInForce {
    private static final String HIDDEN = "(secret)";

    /** What is called so is hidden, whatever its type. */
    private static final Pattern HIDDEN_KEY =
            Pattern.compile("(?:.*-)?(?:password|secret|token|passphrase|authorization)");

    /** Whom an address names before its host, and what it says behind it. */
    private static final Pattern IN_ADDRESS =
            Pattern.compile("(?<=://)[^/@\\s]+(?=@)|(?<=[?&;])\\S+");

    private final Texts texts;
    private final Map<String, String> meanings;
    private final List<One> all = new ArrayList<>();

    /**
     * Immutable.
     *
     * @param key such as {@code lines[0].numbers}
     * @param value as it is written; empty for nothing
     * @param line of the file; 0 where it is the default
     * @param meaning from the comment of the reference, in English; empty where there is none
     */
    public record One(String key, String value, int line, String meaning) {}

    private SettingsInForce(Texts texts, Map<String, String> meanings) {
        this.texts = texts;
        this.meanings = meanings;
    }

    /**
     * @param file that was read, without mistakes
     * @param values types of single values that are the schema's own
     * @param reference a file with every key and a comment to each; no meanings where it is not
     *     there
     */
    public static List<One> of(
            Path file, Class<? extends Record> type, List<ValueType<?>> values, Path reference) {
        var inForce = new SettingsInForce(new Texts(Path.of(""), values), meanings(reference));
        inForce.section(type, read(file), "");
        return List.copyOf(inForce.all);
    }

    private static Node read(Path file) {
        return YamlReader.read(file, new Problems(file.toString()));
    }

    private static Map<String, String> meanings(Path reference) {
        Map<String, String> meanings = new HashMap<>();
        try {
            comments(read(reference), "", Files.readAllLines(reference), meanings);
        } catch (IOException e) {
            // Then it is not told what a key means.
        }
        return meanings;
    }

    /** Of what stands in a list, only once for all: {@code lines[].numbers}. */
    private static void comments(
            Node node, String at, List<String> lines, Map<String, String> into) {
        switch (node) {
            case Node.Keys(int _, Map<String, Node.Member> entries) ->
                    entries.forEach((key, member) -> {
                        String below = at.isEmpty() ? key : at + "." + key;
                        into.putIfAbsent(below, comment(member.line(), lines));
                        comments(member.value(), below, lines, into);
                    });
            case Node.Items(int _, List<Node> nodes) ->
                    nodes.forEach(each -> comments(each, at + "[]", lines, into));
            case Node.Scalar _, Node.Nothing _ -> {
                // says nothing
            }
        }
    }

    private static String comment(int line, List<String> lines) {
        String text = lines.get(line - 1);
        int beside = text.indexOf(" # ");
        if (beside >= 0) {
            return text.substring(beside + 3).strip();
        }
        String above = line > 1 ? lines.get(line - 2).strip() : "";
        return above.startsWith("# ") ? above.substring(2).strip() : "";
    }

    private void section(Class<?> type, Node node, String path) {
        Map<String, Node.Member> entries =
                node instanceof Node.Keys keys ? keys.entries() : Map.of();
        for (RecordComponent component : type.getRecordComponents()) {
            String key = SectionType.key(component);
            String at = path.isEmpty() ? key : path + "." + key;
            Node.Member member = entries.get(key);
            if (isSection(component.getType())) {
                Node inside = member == null ? new Node.Nothing(0) : member.value();
                section(component.getType(), inside, at);
            } else if (member == null) {
                add(at, component, shown(component.getAnnotation(Setting.class).byDefault()), 0);
            } else {
                value(component, member, at);
            }
        }
    }

    private void value(RecordComponent component, Node.Member member, String at) {
        Type item =
                component.getGenericType() instanceof ParameterizedType generic
                        ? generic.getActualTypeArguments()[0]
                        : component.getType();
        if (member.value() instanceof Node.Items(int _, List<Node> nodes)
                && item instanceof Class<?> section
                && isSection(section)) {
            for (int i = 0; i < nodes.size(); i++) {
                section(section, nodes.get(i), at + "[" + i + "]");
            }
        } else {
            add(at, component, written(member.value()), member.line());
        }
    }

    private boolean isSection(Class<?> type) {
        return type.isRecord() && !texts.reads(type);
    }

    private static String written(Node node) {
        return switch (node) {
            case Node.Scalar(int _, String text) -> shown(text);
            case Node.Nothing _ -> "";
            case Node.Items(int _, List<Node> nodes) -> {
                var all = new StringJoiner(", ", "[", "]");
                nodes.forEach(each -> all.add(written(each)));
                yield all.toString();
            }
            case Node.Keys(int _, Map<String, Node.Member> entries) -> {
                var all = new StringJoiner(", ", "{", "}");
                entries.forEach((key, member) ->
                        all.add(key + ": " + (isHidden(key) ? HIDDEN : written(member.value()))));
                yield all.toString();
            }
        };
    }

    /**
     * Without what an address says of who asks: also in what is told of a wrong one.
     *
     * @param text one value and no list of them: a password may hold what stands between two
     */
    static String shown(String text) {
        int options = text.startsWith("jdbc:") ? text.indexOf('?') + 1 : 0;
        // Spaces as well: drivers take them.
        String address = options > 0 ? text.substring(0, options) + HIDDEN : text;
        return IN_ADDRESS.matcher(address).replaceAll(HIDDEN);
    }

    private static boolean isHidden(String key) {
        return HIDDEN_KEY.matcher(key).matches();
    }

    /**
     * @param text as it may be shown where the key is no secret
     */
    private void add(String at, RecordComponent component, String text, int line) {
        boolean secret =
                component.getGenericType().getTypeName().contains(Secret.class.getName())
                        || isHidden(SectionType.key(component));
        String value = secret && !text.isEmpty() ? HIDDEN : text;
        String known = at.replaceAll("\\[[0-9]+]", "[]");
        all.add(new One(at, value, line, meanings.getOrDefault(known, "")));
    }
}

package org.consentgateway.config;

import java.lang.reflect.ParameterizedType;
import java.lang.reflect.Type;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Confined to one read. {@link Node}s to records. What is wrong is reported, and an example stands
 * in for it, so that everything after it is still checked.
 */
final class Binder {
    /** What texts of annotations are as YAML; each is read once. */
    private static final Map<String, Node> OURS = new ConcurrentHashMap<>();

    /** Forms of annotations. */
    private static final Map<String, Pattern> FORMS = new ConcurrentHashMap<>();

    private final Texts texts;
    private final Problems problems;

    Binder(Texts texts, Problems problems) {
        this.texts = texts;
        this.problems = problems;
    }

    <T extends Record> T section(Class<T> type, Node node, String path) {
        Node.Keys keys =
                switch (node) {
                    case Node.Keys given -> given;
                    case Node.Nothing nothing -> new Node.Keys(nothing.line(), Map.of());
                    case Node.Scalar _, Node.Items _ -> {
                        String wrong = "must be a group of keys, not " + node.inWords();
                        problems.at(node.line(), path, wrong, "");
                        yield new Node.Keys(node.line(), Map.of());
                    }
                };
        SectionType<T> section = SectionType.of(type);
        complainOfUnknownKeys(keys, section.names(), path);
        Object[] values =
                section.keys().stream().map(each -> component(each, keys, path)).toArray();
        return section.create(values);
    }

    private void complainOfUnknownKeys(Node.Keys keys, List<String> known, String path) {
        keys.entries()
                .forEach((key, entry) -> {
                    if (!known.contains(key)) {
                        unknown(key, entry, known, path);
                    }
                });
    }

    private void unknown(String key, Node.Member entry, List<String> known, String path) {
        Optional<String> near = Spelling.nearest(key, known);
        near.ifPresent(meant -> problems.excuse(below(path, meant)));
        String wrong =
                near.map(right -> "is no key; did you mean \"" + right + "\"?")
                        .orElse("is no key; known here: " + String.join(", ", known));
        problems.at(entry.line(), below(path, key), wrong, "");
    }

    private Object component(SectionType.Key key, Node.Keys keys, String path) {
        String at = below(path, key.name());
        Node.Member entry = keys.entries().get(key.name());
        if (entry != null) {
            problems.standsAt(at, entry.line());
        }
        if (key.raw().isRecord() && !texts.reads(key.raw())) {
            Node node = entry == null ? new Node.Nothing(keys.line()) : entry.value();
            return section(key.raw().asSubclass(Record.class), node, at);
        }
        Setting setting = key.setting();
        if (setting == null) {
            throw new IllegalStateException(at + " says no @Setting");
        }
        Value value = new Value(key.type(), setting, key.name());
        if (entry == null) {
            if (setting.byDefault().equals(Setting.REQUIRED)) {
                if (!problems.isExcused(at)) {
                    problems.at(keys.line(), at, "is missing", value.right());
                }
                return value.standIn();
            }
            return value.byDefault();
        }
        return value.bind(entry.value(), at);
    }

    private static String below(String path, String key) {
        return path.isEmpty() ? key : path + "." + key;
    }

    /** One key that is no section: its type and what is said of it. */
    private final class Value {
        private final Type type;
        private final Setting setting;
        private final String key;

        Value(Type type, Setting setting, String key) {
            this.type = type;
            this.setting = setting;
            this.key = key;
        }

        Object byDefault() {
            return quietly(setting.byDefault());
        }

        /** A right value in place of a wrong one. */
        Object standIn() {
            if (holdsSections()) {
                return List.of();
            }
            return quietly(example());
        }

        private boolean holdsSections() {
            return raw(type) == List.class
                    && argument(type) instanceof Class<?> item
                    && item.isRecord()
                    && !texts.reads(item);
        }

        private String example() {
            boolean required = setting.byDefault().equals(Setting.REQUIRED);
            return setting.example().isEmpty() && !required
                    ? setting.byDefault()
                    : setting.example();
        }

        String right() {
            return key + ": " + example();
        }

        /** Texts of ours: a mistake in them is a mistake in the code. */
        private Object quietly(String yaml) {
            Problems own = new Problems("@Setting of " + key);
            Object value =
                    new Binder(texts, own).new Value(type, setting, key).bind(ours(yaml), key);
            refuse(own);
            return value;
        }

        Object bind(Node node, String at) {
            Class<?> raw = raw(type);
            if (raw == Optional.class) {
                return node instanceof Node.Nothing
                        ? Optional.empty()
                        : Optional.of(single(argument(type), node, at));
            }
            if (raw == List.class) {
                return list(argument(type), node, at);
            }
            if (raw == Map.class) {
                return map(argument(type), node, at);
            }
            return single(type, node, at);
        }

        private Object list(Type item, Node node, String at) {
            if (!(node instanceof Node.Items items)) {
                if (node instanceof Node.Nothing && setting.atLeast().isEmpty()) {
                    return List.of();
                }
                return wrong(node, at, "must be a list, not " + node.inWords());
            }
            List<Object> values = new ArrayList<>();
            for (Node each : items.nodes()) {
                String here = at + "[" + values.size() + "]";
                problems.standsAt(here, each.line());
                values.add(item(item, each, here));
            }
            if (!setting.atLeast().isEmpty()
                    && values.size() < Integer.parseInt(setting.atLeast())) {
                problems.at(node.line(), at, "must not be empty", right());
            }
            if (!setting.atMost().isEmpty() && values.size() > Integer.parseInt(setting.atMost())) {
                String most = "must have at most " + setting.atMost() + " entries";
                problems.at(node.line(), at, most, right());
            }
            return List.copyOf(values);
        }

        private Object item(Type type, Node node, String at) {
            if (type instanceof Class<?> raw && raw.isRecord() && !texts.reads(raw)) {
                return section(raw.asSubclass(Record.class), node, at);
            }
            return single(type, node, at);
        }

        private Object map(Type valueType, Node node, String at) {
            if (!(node instanceof Node.Keys keys)) {
                return wrong(node, at, "must be a group of keys, not " + node.inWords());
            }
            Map<String, Object> values = new LinkedHashMap<>();
            keys.entries()
                    .forEach((name, entry) -> {
                        String here = below(at, name);
                        problems.standsAt(here, entry.line());
                        values.put(name, single(valueType, entry.value(), here));
                    });
            return java.util.Collections.unmodifiableMap(values);
        }

        private Object single(Type type, Node node, String at) {
            Class<?> raw = raw(type);
            if (!(node instanceof Node.Scalar(int _, String text))) {
                String wrong =
                        node instanceof Node.Nothing
                                ? "is empty"
                                : "must be " + texts.inWords(raw) + ", not " + node.inWords();
                return wrongItem(raw, node, at, wrong);
            }
            return switch (texts.read(raw, text)) {
                case Texts.Wrong(String why) -> wrongItem(raw, node, at, why);
                case Texts.Right(Object value) -> {
                    String outside = outside(raw, value);
                    yield outside == null ? value : wrongItem(raw, node, at, outside);
                }
            };
        }

        private @Nullable String outside(Class<?> raw, Object value) {
            if (value instanceof String text
                    && !setting.form().isEmpty()
                    && !FORMS.computeIfAbsent(setting.form(), Pattern::compile)
                            .matcher(text)
                            .matches()) {
                return "must be "
                        + setting.formInWords()
                        + ", not \""
                        + SettingsInForce.shown(text)
                        + "\"";
            }
            boolean ordered = raw(type) != List.class && value instanceof Comparable<?>;
            if (!ordered) {
                return null;
            }
            if (!setting.atLeast().isEmpty() && texts.compare(raw, value, setting.atLeast()) < 0) {
                return "must be at least " + setting.atLeast();
            }
            if (!setting.atMost().isEmpty() && texts.compare(raw, value, setting.atMost()) > 0) {
                return "must be at most " + setting.atMost();
            }
            return null;
        }

        private Object wrong(Node node, String at, String why) {
            problems.at(node.line(), at, why, right());
            return standIn();
        }

        /** One wrong item of a list, map or optional; the stand-in is one item, too. */
        private Object wrongItem(Class<?> raw, Node node, String at, String why) {
            problems.at(node.line(), at, why, right());
            return switch (standIn()) {
                case List<?> list when raw(type) == List.class -> firstOr(list, raw);
                case Map<?, ?> map -> firstOr(List.copyOf(map.values()), raw);
                case Optional<?> optional -> firstOr(optional.stream().toList(), raw);
                case Object value -> value;
            };
        }

        private Object firstOr(List<?> values, Class<?> raw) {
            if (values.isEmpty()) {
                throw new IllegalStateException(key + " needs an example of " + raw);
            }
            return values.getFirst();
        }
    }

    private static Node ours(String yaml) {
        return OURS.computeIfAbsent(
                yaml,
                text -> {
                    Problems own = new Problems("@Setting");
                    Node node = YamlReader.read(text, own);
                    refuse(own);
                    return node;
                });
    }

    private static void refuse(Problems own) {
        if (!own.none()) {
            throw new IllegalStateException(own.inOrder().toString());
        }
    }

    private static Class<?> raw(Type type) {
        return switch (type) {
            case Class<?> plain -> plain;
            case ParameterizedType generic -> (Class<?>) generic.getRawType();
            default -> throw new IllegalStateException("A setting cannot be " + type);
        };
    }

    /** The last type argument: of a list its item, of a map its value. */
    private static Type argument(Type type) {
        Type[] arguments = ((ParameterizedType) type).getActualTypeArguments();
        return arguments[arguments.length - 1];
    }
}

package org.consentgateway.config;

import com.fasterxml.jackson.core.JsonLocation;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import com.fasterxml.jackson.dataformat.yaml.YAMLParser;
import java.io.IOException;
import java.io.StringReader;
import java.io.UncheckedIOException;
import java.nio.charset.CharacterCodingException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.error.MarkedYAMLException;
import org.yaml.snakeyaml.error.YAMLException;
import org.yaml.snakeyaml.events.AliasEvent;
import org.yaml.snakeyaml.events.CollectionStartEvent;
import org.yaml.snakeyaml.events.Event;
import org.yaml.snakeyaml.events.NodeEvent;
import org.yaml.snakeyaml.events.ScalarEvent;

/**
 * YAML to {@link Node}s, for all files of ours that are written by hand. Plain data only: no
 * anchors, no second document, no key twice, because a text that has to be computed in the head
 * hides its mistakes. Confined to one read.
 */
public final class YamlReader {
    /** Deeper than any key of ours; a bomb of brackets ends here. */
    private static final int MAX_DEPTH = 16;

    /** Bytes. A configuration of a thousand lines stays far below. */
    private static final int MAX_SIZE = 1 << 20;

    /** With the tag behind it, which may be a password without its quotes. */
    private static final String UNKNOWN_TAG = "found undefined tag handle";

    private static final YAMLFactory YAML = new YAMLFactory();

    private final YAMLParser parser;
    private final Mistakes mistakes;

    private YamlReader(YAMLParser parser, Mistakes mistakes) {
        this.parser = parser;
        this.mistakes = mistakes;
    }

    /** A file that cannot be read is reported and reads as nothing. */
    public static Node read(Path file, Mistakes mistakes) {
        String text = text(file, mistakes);
        return text == null ? new Node.Nothing(1) : read(text, mistakes);
    }

    private static @Nullable String text(Path file, Mistakes mistakes) {
        try {
            if (Files.size(file) > MAX_SIZE) {
                mistakes.at(1, "", "the file is larger than 1 MiB", "");
                return null;
            }
            return Files.readString(file);
        } catch (NoSuchFileException e) {
            mistakes.at(1, "", "there is no such file", "--config config/gateway.yaml");
        } catch (CharacterCodingException e) {
            mistakes.at(1, "", "the file is not UTF-8", "");
        } catch (IOException e) {
            mistakes.at(1, "", "the file cannot be read: " + e.getMessage(), "");
        }
        return null;
    }

    /** An unreadable text is reported and reads as nothing. */
    static Node read(String text, Mistakes mistakes) {
        unreadParts(text, mistakes);
        try (YAMLParser parser = YAML.createParser(new StringReader(text))) {
            YamlReader reader = new YamlReader(parser, mistakes);
            if (parser.nextToken() == null) {
                return new Node.Nothing(1);
            }
            Node document = reader.node("", 0);
            if (parser.nextToken() != null) {
                mistakes.at(reader.line(), "", "a second document (---) is not read", "");
            }
            return document;
        } catch (JsonProcessingException e) {
            Node.Nothing nothing = new Node.Nothing(lineOf(e));
            mistakes.at(nothing.line(), "", "this is not YAML: " + reason(e), "");
            return nothing;
        } catch (IOException e) {
            throw new UncheckedIOException("A text in memory cannot be read", e);
        }
    }

    /**
     * Anchors and tags, looked for in the text's events, since the parser tells those of scalars to
     * nobody. What follows the sign is not repeated: it may be a password without its quotes.
     */
    private static void unreadParts(String text, Mistakes mistakes) {
        if (text.indexOf('&') < 0 && text.indexOf('!') < 0) {
            return; // none is without its sign
        }
        try {
            for (Event event : new Yaml().parse(new StringReader(text))) {
                if (event instanceof NodeEvent node
                        && !(event instanceof AliasEvent)
                        && node.getAnchor() != null) {
                    unread(event, "an anchor (&…)", mistakes);
                }
                if (tag(event) != null) {
                    unread(event, "a tag (!…)", mistakes);
                }
            }
        } catch (YAMLException e) {
            // The reader proper says what is wrong.
        }
    }

    private static void unread(Event event, String what, Mistakes mistakes) {
        mistakes.at(
                event.getStartMark().getLine() + 1,
                "",
                "has " + what + "; leave it out, or put the value in quotes",
                "");
    }

    private static @Nullable String tag(Event event) {
        return switch (event) {
            case ScalarEvent scalar -> scalar.getTag();
            case CollectionStartEvent collection -> collection.getTag();
            default -> null;
        };
    }

    private Node node(String path, int depth) throws IOException {
        int line = line();
        if (parser.isCurrentAlias()) {
            mistakes.at(line, path, "uses an alias (*name); write the value out", "");
            return new Node.Nothing(line);
        }
        if (depth > MAX_DEPTH) {
            mistakes.at(line, path, "is nested too deeply", "");
            parser.skipChildren();
            return new Node.Nothing(line);
        }
        JsonToken token = parser.currentToken();
        return switch (token) {
            case START_OBJECT -> keys(path, depth, line);
            case START_ARRAY -> items(path, depth, line);
            case VALUE_NULL -> new Node.Nothing(line);
            default -> new Node.Scalar(line, parser.getText());
        };
    }

    private Node keys(String path, int depth, int line) throws IOException {
        Map<String, Node.Member> entries = new LinkedHashMap<>();
        while (parser.nextToken() != JsonToken.END_OBJECT) {
            String key = parser.currentName();
            String below = path.isEmpty() ? key : path + "." + key;
            int keyLine = line();
            parser.nextToken();
            Node value = node(below, depth + 1);
            Node.Member before = entries.putIfAbsent(key, new Node.Member(keyLine, value));
            if (before != null) {
                String first = "is given twice; the first is in line " + before.line();
                mistakes.at(keyLine, below, first, "");
            }
        }
        return new Node.Keys(line, entries);
    }

    private Node items(String path, int depth, int line) throws IOException {
        List<Node> nodes = new ArrayList<>();
        while (parser.nextToken() != JsonToken.END_ARRAY) {
            nodes.add(node(path + "[" + nodes.size() + "]", depth + 1));
        }
        return new Node.Items(line, nodes);
    }

    private int line() {
        return parser.currentTokenLocation().getLineNr();
    }

    /** The line of the offending character; Jackson's own is that of what it belongs to. */
    private static int lineOf(JsonProcessingException e) {
        if (e.getCause() instanceof MarkedYAMLException marked && marked.getProblemMark() != null) {
            return marked.getProblemMark().getLine() + 1;
        }
        JsonLocation where = e.getLocation();
        return where == null ? 1 : where.getLineNr();
    }

    private static String reason(JsonProcessingException e) {
        if (e.getCause() instanceof MarkedYAMLException marked && marked.getProblem() != null) {
            String problem = marked.getProblem();
            return problem.startsWith(UNKNOWN_TAG) ? UNKNOWN_TAG : problem;
        }
        return e.getOriginalMessage().lines().findFirst().orElse("");
    }
}

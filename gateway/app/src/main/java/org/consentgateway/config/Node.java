package org.consentgateway.config;

import java.util.List;
import java.util.Map;

/** Immutable. A YAML value as it stands in the file, with its line (from 1). */
public sealed interface Node {
    int line();

    /** For "must be a whole number, not …". */
    String inWords();

    /** One value, as written, without quotes. */
    record Scalar(int line, String text) implements Node {
        @Override
        public String inWords() {
            return "\"" + text + "\"";
        }
    }

    /** A key without a value, or {@code null}. */
    record Nothing(int line) implements Node {
        @Override
        public String inWords() {
            return "empty";
        }
    }

    record Items(int line, List<Node> nodes) implements Node {
        @Override
        public String inWords() {
            return "a list";
        }
    }

    /** In the order of the file. */
    record Keys(int line, Map<String, Member> entries) implements Node {
        @Override
        public String inWords() {
            return "a group of keys";
        }
    }

    /**
     * @param line of the key; the value may stand further down
     */
    record Member(int line, Node value) {}
}

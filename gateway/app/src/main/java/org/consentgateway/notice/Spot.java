package org.consentgateway.notice;

import java.nio.file.Path;

/**
 * Immutable. Where something stands in a file, or where it is missing.
 *
 * @param line from 1
 * @param key such as {@code texts.opening}; empty for the whole file
 */
record Spot(Path file, int line, String key) {
    Spot child(String name) {
        return at(line, name);
    }

    Spot at(int childLine, String name) {
        return new Spot(file, childLine, key.isEmpty() ? name : key + "." + name);
    }
}

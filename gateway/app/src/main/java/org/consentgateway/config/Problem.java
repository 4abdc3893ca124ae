package org.consentgateway.config;

/**
 * Immutable. One thing that is wrong in a configuration file.
 *
 * @param line from 1
 * @param key such as {@code limits.calls} or {@code lines[0].assistant}; empty where the file as a
 *     whole is meant
 * @param wrong completes "limits.calls …"
 * @param right a line that would be right; empty where nothing sensible can be shown
 */
public record Problem(String file, int line, String key, String wrong, String right) {
    @Override
    public String toString() {
        String what = key.isEmpty() ? wrong : key + " " + wrong;
        String example = right.isEmpty() ? "" : System.lineSeparator() + "    right: " + right;
        return file + ":" + line + ": " + what + example;
    }
}

package org.consentgateway.ledger.keys;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.stream.Stream;

/**
 * How the logs of one node are named: by the node, and after each restore of an old backup by a
 * number too ({@code node-1}, {@code node-1~2}), since a log that was cut must not be written on.
 * Commands beside a gateway write under a name of their own ({@code node-1.cli}).
 */
public final class LogNames {
    private static final char NUMBER = '~';

    /** Behind the name of a node: commands beside its gateway, of which one at a time writes. */
    private static final String COMMANDS = ".cli";

    private static final String PREFIX = "signing-";
    private static final String SUFFIX = ".keys";

    private LogNames() {}

    /** Without its number: {@code node-1.cli} of {@code node-1.cli~2}. */
    public static String node(String log) {
        int at = log.indexOf(NUMBER);
        return at < 0 ? log : log.substring(0, at);
    }

    /**
     * The name under which the commands of a node write.
     *
     * @param node as it is configured, not one of its later logs
     */
    public static String ofCommands(String node) {
        return node + COMMANDS;
    }

    /** The node that is configured: {@code node-1} of {@code node-1.cli~2}. */
    public static String configuredNode(String log) {
        String writer = node(log);
        return writer.endsWith(COMMANDS)
                ? writer.substring(0, writer.length() - COMMANDS.length())
                : writer;
    }

    /** 1 for the first log of a node. */
    public static int number(String log) {
        int at = log.indexOf(NUMBER);
        return at < 0 ? 1 : Integer.parseInt(log.substring(at + 1));
    }

    /** The log that goes on where this one ends. */
    public static String next(String log) {
        return node(log) + NUMBER + (number(log) + 1);
    }

    /**
     * The log that a node writes now: the last one that there is a signing key for.
     *
     * @param node or one of its logs
     */
    public static String newest(Path keys, String node) throws IOException {
        if (!Files.isDirectory(keys)) {
            return node;
        }
        String pattern = PREFIX + node(node) + "(" + NUMBER + "[1-9][0-9]{0,2})?" + SUFFIX;
        try (Stream<Path> files = Files.list(keys)) {
            return files.map(file -> file.getFileName().toString())
                    .filter(file ->
                            file.startsWith(PREFIX + node(node)) && file.matches(quoted(pattern)))
                    .map(file -> file.substring(PREFIX.length(), file.length() - SUFFIX.length()))
                    .max(Comparator.comparingInt(LogNames::number))
                    .orElse(node(node));
        }
    }

    private static String quoted(String pattern) {
        return pattern.replace(".", "\\.");
    }
}

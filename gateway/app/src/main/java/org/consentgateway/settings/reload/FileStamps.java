package org.consentgateway.settings.reload;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.reflect.RecordComponent;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.consentgateway.config.Setting;
import org.consentgateway.settings.GatewayConfig;

/**
 * Immutable. What files hold that the configuration only names, by SHA-256: a certificate that was
 * renewed in its place is a change as well, and so is a password or what a model is to do.
 */
public final class FileStamps {
    /** Heard by the recogniser as well, which is the process's. */
    private static final String LEXICON = "lexicon.directory";

    /** Folders of which it is told text by text what has changed. */
    private static final List<String> TEXTS = List.of("prompts", "notices");

    /**
     * Files that are read at the start and never again. Others of keys that count at a restart are
     * read whenever they are needed, or are the gateway's own.
     */
    private static final Set<String> READ_AT_START =
            Set.of(
                    "messages.token-file",
                    "webhooks.endpoints.mapping",
                    "webhooks.endpoints.roots",
                    "api.oidc.roots",
                    "console.oidc.roots");

    private final Map<String, String> atOnce;
    private final Map<String, String> atRestart;

    private FileStamps(Map<String, String> atOnce, Map<String, String> atRestart) {
        this.atOnce = Map.copyOf(atOnce);
        this.atRestart = Map.copyOf(atRestart);
    }

    /** As they are now. */
    public static FileStamps of(GatewayConfig config) {
        var reading = new Reading();
        reading.section("", "", config);
        reading.atRestart.put(LEXICON, stamp(config.lexicon().directory()));
        return new FileStamps(reading.atOnce, reading.atRestart);
    }

    /**
     * Whether another content of its file counts only after a restart.
     *
     * @param key without the place in a list, such as {@code webhooks.endpoints.roots}
     */
    public static boolean isReadAtStart(String key) {
        return READ_AT_START.contains(key);
    }

    /** Confined to one reading. */
    private static final class Reading {
        private final Map<String, String> atOnce = new LinkedHashMap<>();
        private final Map<String, String> atRestart = new LinkedHashMap<>();

        /**
         * All files of a section, whatever it is that names them.
         *
         * @param key as {@link ChangedConfig} knows it
         * @param shown the same with the names of sections, such as {@code trunks carrier:}
         */
        private void section(String key, String shown, Record section) {
            for (RecordComponent each : section.getClass().getRecordComponents()) {
                String name = ChangedConfig.written(each);
                Object value = ChangedConfig.value(each, section);
                String inner = key.isEmpty() ? name : key + "." + name;
                String told =
                        shown.isEmpty() || shown.endsWith(" ") ? shown + name : shown + "." + name;
                if (value instanceof Record further && !each.isAnnotationPresent(Setting.class)) {
                    section(inner, told, further);
                } else if (!TEXTS.contains(key)) {
                    files(inner, told, value);
                }
            }
        }

        private void files(String key, String shown, Object value) {
            switch (value) {
                case Path file when isReadAtStart(key) ->
                        atRestart.merge(shown, stamp(file), String::concat);
                case Path file when ChangedConfig.countsAtOnce(key) ->
                        atOnce.merge(shown, stamp(file), String::concat);
                case Optional<?> maybe -> maybe.ifPresent(one -> files(key, shown, one));
                case List<?> list -> list.forEach(one -> files(key, shown, one));
                case Record one ->
                        Difference.name(one)
                                .ifPresent(name -> section(key, shown + " " + name + ": ", one));
                default -> {}
            }
        }
    }

    /** What holds something else than before and counts at once, as {@link ChangedConfig} says. */
    public List<String> changedSince(FileStamps before) {
        return differing(atOnce, before.atOnce);
    }

    /**
     * The same of what counts at a restart.
     *
     * @param start as they were then: what they hold now does not count before the next one
     */
    public List<String> atRestartSince(FileStamps start) {
        return differing(atRestart, start.atRestart);
    }

    private static List<String> differing(Map<String, String> now, Map<String, String> before) {
        List<String> differing = new ArrayList<>();
        now.forEach((key, stamp) -> {
            String was = before.get(key);
            if (was != null && !was.equals(stamp)) {
                differing.add(key + " (other content)");
            }
        });
        return differing;
    }

    /** Of a file, or of all below a folder. */
    private static String stamp(Path path) {
        try (Stream<Path> files = Files.walk(path)) {
            MessageDigest digest = MessageDigest.getInstance("SHA-256");
            for (Path file : files.filter(Files::isRegularFile).sorted().toList()) {
                digest.update(file.toString().getBytes(StandardCharsets.UTF_8));
                digest.update(Files.readAllBytes(file));
            }
            return HexFormat.of().formatHex(digest.digest());
        } catch (IOException | UncheckedIOException unreadable) {
            return "unreadable";
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java has SHA-256", e);
        }
    }
}

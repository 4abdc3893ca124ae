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

    private final Map<String, String> byKey;

    private FileStamps(Map<String, String> byKey) {
        this.byKey = Map.copyOf(byKey);
    }

    /** As they are now. */
    public static FileStamps of(GatewayConfig config) {
        Map<String, String> stamps = new LinkedHashMap<>();
        section("", "", config, stamps);
        stamps.put(LEXICON, stamp(config.lexicon().directory()));
        return new FileStamps(stamps);
    }

    /**
     * All files of a section that count at once, whatever it is that names them.
     *
     * @param key as {@link ChangedConfig} knows it
     * @param shown the same with the names of sections, such as {@code trunks carrier:}
     */
    private static void section(
            String key, String shown, Record section, Map<String, String> stamps) {
        for (RecordComponent each : section.getClass().getRecordComponents()) {
            String name = ChangedConfig.written(each);
            Object value = ChangedConfig.value(each, section);
            String inner = key.isEmpty() ? name : key + "." + name;
            String told =
                    shown.isEmpty() || shown.endsWith(" ") ? shown + name : shown + "." + name;
            if (value instanceof Record further && !each.isAnnotationPresent(Setting.class)) {
                section(inner, told, further, stamps);
            } else if (ChangedConfig.countsAtOnce(inner) && !TEXTS.contains(key)) {
                files(inner, told, value, stamps);
            }
        }
    }

    private static void files(String key, String shown, Object value, Map<String, String> stamps) {
        switch (value) {
            case Path file -> stamps.merge(shown, stamp(file), String::concat);
            case Optional<?> maybe -> maybe.ifPresent(one -> files(key, shown, one, stamps));
            case List<?> list -> list.forEach(one -> files(key, shown, one, stamps));
            case Record one ->
                    Difference.name(one)
                            .ifPresent(
                                    name -> section(key, shown + " " + name + ": ", one, stamps));
            default -> {}
        }
    }

    /** What holds something else than before and counts at once, as {@link ChangedConfig} says. */
    public List<String> changedSince(FileStamps before) {
        return differing(before).stream()
                .filter(key -> !key.equals(LEXICON))
                .map(key -> key + " (other content)")
                .toList();
    }

    /** The same of what counts at a restart. */
    public List<String> atRestartSince(FileStamps before) {
        return differing(before).stream()
                .filter(LEXICON::equals)
                .map(key -> key + " (other content)")
                .toList();
    }

    private List<String> differing(FileStamps before) {
        List<String> differing = new ArrayList<>();
        byKey.forEach((key, stamp) -> {
            String was = before.byKey.get(key);
            if (was != null && !was.equals(stamp)) {
                differing.add(key);
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

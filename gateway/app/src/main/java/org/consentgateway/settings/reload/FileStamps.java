package org.consentgateway.settings.reload;

import java.io.IOException;
import java.io.UncheckedIOException;
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
import java.util.stream.Stream;
import org.consentgateway.settings.GatewayConfig;
import org.consentgateway.settings.TlsConfig;

/**
 * Immutable. What files hold that the configuration only names, by SHA-256: a certificate that was
 * renewed in its place is a change as well.
 */
public final class FileStamps {
    /** Heard by the recogniser as well, which is the process's. */
    private static final String LEXICON = "lexicon.directory";

    private final Map<String, String> byKey;

    private FileStamps(Map<String, String> byKey) {
        this.byKey = Map.copyOf(byKey);
    }

    /** As they are now. */
    public static FileStamps of(GatewayConfig config) {
        TlsConfig tls = config.sip().tls();
        Map<String, String> stamps = new LinkedHashMap<>();
        tls.certificate().ifPresent(file -> stamps.put("sip.tls.certificate", stamp(file)));
        tls.key().ifPresent(file -> stamps.put("sip.tls.key", stamp(file)));
        tls.roots().forEach(file -> stamps.merge("sip.tls.roots", stamp(file), String::concat));
        tls.revocation()
                .lists()
                .forEach(file ->
                        stamps.merge("sip.tls.revocation.lists", stamp(file), String::concat));
        stamps.put(LEXICON, stamp(config.lexicon().directory()));
        return new FileStamps(stamps);
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

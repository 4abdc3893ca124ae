package org.consentgateway.speech.vosk;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.sun.jna.Pointer;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.consentgateway.media.audio.PcmFrame;
import org.consentgateway.speech.engine.AcousticModel;
import org.consentgateway.speech.engine.DecoderException;
import org.consentgateway.speech.engine.SpeechDecoder;
import org.consentgateway.speech.words.Lexicon;
import org.jspecify.annotations.Nullable;

/** A Vosk model on disk, opened. Thread-safe. */
final class LanguageModel implements AcousticModel {
    /**
     * A model in config/models.
     *
     * @param name of its folder
     */
    record Bundled(String name, String language) {}

    /** By their digests; their decision rule was measured. */
    static final Map<String, Bundled> BUNDLED =
            Map.of(
                    "5d21d6081310e58511ac4e97fc15f0bf8cde5637c4cc04fc3bc1d16aad4e5279",
                    new Bundled("vosk-consent-de-2026-11", "de"),
                    "9bca2025d8f5c51d38287ad206d647136beb4432ff25992bc5a2d7b884e18dcc",
                    new Bundled("vosk-consent-en-2026-11", "en"));

    /** What decides on an answer; a README may change. */
    private static final List<String> PARTS = List.of("am", "conf", "graph", "ivector", "rescore");

    private static final JsonMapper JSON = new JsonMapper();

    private final Pointer handle;
    private final String sha256;

    private LanguageModel(Pointer handle, String sha256) {
        this.handle = handle;
        this.sha256 = sha256;
    }

    /**
     * @throws IOException in words for the operator, when there is no model or it is broken
     */
    static LanguageModel open(Path folder) throws IOException {
        if (!Files.isDirectory(folder)) {
            throw new IOException("no folder " + folder);
        }
        // Kaldi ends the process on some missing files, so look before it does.
        for (String file : List.of("am/final.mdl", "conf/model.conf", "graph")) {
            if (!Files.exists(folder.resolve(file))) {
                throw new IOException(folder + " is no Vosk model: it has no " + file);
            }
        }
        if (!isGraph(folder.resolve("graph"))) {
            throw new IOException(
                    folder
                            + " is no Vosk model: graph has neither HCLG.fst nor HCLr.fst and"
                            + " Gr.fst");
        }
        String sha256 = digest(folder);
        if (!BUNDLED.containsKey(sha256)) {
            String name = String.valueOf(folder.getFileName());
            if (BUNDLED.values().stream().anyMatch(one -> one.name().equals(name))) {
                throw new IOException(
                        folder
                                + " is damaged: it is not what was shipped under this name. Install"
                                + " it again, or give a model of yours another name");
            }
            ModelTrial.of(folder);
        }
        Pointer handle;
        try {
            handle = VoskNative.openModel(folder.toAbsolutePath().toString());
        } catch (LinkageError e) {
            throw new IOException("libvosk does not run on this machine: " + e.getMessage(), e);
        }
        if (handle == null) {
            throw new IOException(folder + " is a broken Vosk model");
        }
        return new LanguageModel(handle, sha256);
    }

    private static boolean isGraph(Path graph) {
        return Files.exists(graph.resolve("HCLG.fst"))
                || (Files.exists(graph.resolve("HCLr.fst"))
                        && Files.exists(graph.resolve("Gr.fst")));
    }

    private static String digest(Path folder) throws IOException {
        MessageDigest digest;
        try {
            digest = MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java has SHA-256", e);
        }
        byte[] buffer = new byte[1 << 16];
        for (Path file : files(folder)) {
            String name = folder.relativize(file).toString().replace('\\', '/');
            digest.update((name + "\n").getBytes(StandardCharsets.UTF_8));
            try (InputStream in = Files.newInputStream(file)) {
                for (int n = in.read(buffer); n >= 0; n = in.read(buffer)) {
                    digest.update(buffer, 0, n);
                }
            }
        }
        return HexFormat.of().formatHex(digest.digest());
    }

    private static List<Path> files(Path folder) throws IOException {
        var files = new ArrayList<Path>();
        for (String part : PARTS) {
            if (Files.isDirectory(folder.resolve(part))) {
                try (Stream<Path> walk = Files.walk(folder.resolve(part))) {
                    walk.filter(Files::isRegularFile).sorted().forEach(files::add);
                }
            }
        }
        return files;
    }

    @Override
    public SpeechDecoder open(Collection<String> phrases) throws DecoderException {
        var grammar = new ArrayList<>(phrases);
        grammar.add(Lexicon.GARBAGE);
        try {
            return decoder(JSON.writeValueAsString(grammar));
        } catch (JsonProcessingException e) {
            throw new DecoderException("the grammar is no JSON");
        }
    }

    @Override
    public SpeechDecoder openFree() throws DecoderException {
        return decoder(null);
    }

    private SpeechDecoder decoder(@Nullable String grammar) throws DecoderException {
        Pointer recognizer = VoskNative.openRecognizer(handle, PcmFrame.SAMPLE_RATE, grammar);
        if (recognizer == null) {
            throw new DecoderException("libvosk opened no recogniser");
        }
        return new VoskDecoder(recognizer);
    }

    @Override
    public boolean knows(String word) {
        return VoskNative.knows(handle, word);
    }

    @Override
    public String sha256() {
        return sha256;
    }

    @Override
    public void close() {
        VoskNative.closeModel(handle);
    }
}

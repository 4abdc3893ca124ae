package org.consentgateway.speech.vosk;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What of scripts/train-speech works without its tools. */
class TrainSpeechTest {
    @TempDir Path folder;

    private record Ended(int code, String said) {}

    @BeforeEach
    void python() {
        Assumptions.assumeTrue(Files.isExecutable(Path.of("/usr/bin/python3")), "no python3");
    }

    @Test
    void itSaysWhatIsMissingAndWhichSourcesItRefuses() throws Exception {
        Ended ended = run("--check");
        assertThat(ended.code()).isIn(0, 3);
        assertThat(ended.said())
                .contains("may be used espeak-ng: GPL-3+ program; what it says is free of it")
                .contains("REFUSED     GCompris voices: GPL-3")
                .contains("REFUSED     EmoDB: ");
    }

    @ParameterizedTest
    @ValueSource(strings = {"GCompris voices", "EmoDB", "something found on the web"})
    void nothingIsTrainedOnWhatMayNotBeGivenOn(String source) throws Exception {
        Ended ended = run("verifier", "--out", folder.toString(), "--recordings", source + "=/tmp");
        assertThat(ended.code()).isEqualTo(2);
        assertThat(ended.said()).startsWith("Refused: " + source);
        assertThat(folder).isEmptyDirectory();
    }

    private static Ended run(String... arguments) throws Exception {
        var command =
                new ArrayList<>(
                        List.of(Utterances.ROOT.resolve("scripts/train-speech").toString()));
        command.addAll(List.of(arguments));
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        return new Ended(process.waitFor(), said);
    }
}

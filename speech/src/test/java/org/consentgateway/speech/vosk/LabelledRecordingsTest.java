package org.consentgateway.speech.vosk;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class LabelledRecordingsTest {
    private static final Path TRAINED_ON = Utterances.ROOT.resolve("config/models/TRAINED-ON.tsv");

    @TempDir Path folder;

    @ParameterizedTest
    @ValueSource(
            strings = {
                "commons|Jeuwre",
                "commons/jeuwre",
                "fsdd: george",
                "fsdd/george",
                "sc/0a7c2a8d",
                "allison"
            })
    void nobodyIsMeasuredByTheVoicesItWasTrainedOn(String speaker) throws IOException {
        labels("a.wav\tde\tja\tcommons|Somebody\tstudio", "a.wav\tde\tja\t" + speaker + "\tstudio");
        assertThat(LabelledRecordings.known(LabelledRecordings.read(folder), TRAINED_ON))
                .containsExactly(speaker);
    }

    @ParameterizedTest
    @CsvSource({
        "'a.wav,de,ja,,studio', 'row 2: five cells, and a speaker'",
        "'a.wav,de,ja,me,studio,2027-01-01T00:00:00Z', 'row 2: five cells, and a speaker'",
        "'a.wav,de,ja', 'row 2: five cells, and a speaker'",
        "'b.wav,de,ja,me,studio', 'row 2: no file'"
    })
    void aWrongRowIsNamed(String row, String told) throws IOException {
        labels(row.replace(',', '\t'));
        assertThatThrownBy(() -> LabelledRecordings.read(folder)).hasMessageContaining(told);
    }

    @Test
    void withoutItsHeaderAFileIsNotGuessedAt() throws IOException {
        Files.writeString(folder.resolve("labels.tsv"), "a.wav\tde\tja\tme\tstudio\n");
        assertThatThrownBy(() -> LabelledRecordings.read(folder))
                .hasMessageContaining("path TAB language TAB word TAB speaker TAB condition");
    }

    /** Those of before it wrote until when have none. */
    @Test
    void whatTheRecordingLineWritesIsRead() throws IOException {
        labels();
        Files.writeString(
                folder.resolve("labels.tsv"),
                LabelledRecordings.HEADER_OF_THE_LINE
                        + "\na.wav\tde\tja\tstaff|1\ttelephone\t2027-01-01T00:00:00Z"
                        + "\na.wav\tde\tnein\tstaff|2\ttelephone\n");
        assertThat(LabelledRecordings.read(folder))
                .extracting(LabelledRecordings.Recording::word)
                .containsExactly("ja", "nein");
    }

    private void labels(String... rows) throws IOException {
        Files.write(folder.resolve("a.wav"), new byte[0]);
        Files.writeString(
                folder.resolve("labels.tsv"),
                LabelledRecordings.HEADER + "\n" + String.join("\n", rows) + "\n");
    }

    @ParameterizedTest
    @CsvSource({
        "0, 100, 0, 0.03622",
        "1, 100, 0.00025, 0.05446",
        "50, 100, 0.39832, 0.60168",
        "10, 10, 0.69150, 1",
        "0, 5440, 0, 0.000678"
    })
    void theBoundsAreThoseOfClopperAndPearson(int hits, int trials, double low, double high) {
        ClopperPearson bounds = ClopperPearson.of(hits, trials, 0.95);
        assertThat(bounds.low()).isCloseTo(low, within(0.0001));
        assertThat(bounds.high()).isCloseTo(high, within(0.0001));
    }
}

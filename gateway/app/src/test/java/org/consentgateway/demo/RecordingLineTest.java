package org.consentgateway.demo;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.consentgateway.media.MediaEngine;
import org.consentgateway.media.MediaSettings;
import org.consentgateway.media.audio.AudioClip;
import org.consentgateway.media.audio.Tone;
import org.consentgateway.media.audio.Wav;
import org.consentgateway.sip.trunk.Cidr;
import org.consentgateway.testkit.RtpPorts;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

/** Each test has a line, a caller and media of its own. */
@Timeout(60)
@Execution(ExecutionMode.CONCURRENT)
class RecordingLineTest {
    private static final InetAddress HERE = InetAddress.ofLiteral("127.0.0.1");
    private static final AudioClip WORD = AudioClip.of(Tone.sine(1000, 600, 8000));
    private static final Instant NOW = Instant.parse("2026-12-01T09:00:00Z");
    private static final Cidr LOOPBACK = Cidr.parse("127.0.0.0/8");

    @TempDir Path folder;
    private final List<String> said = new CopyOnWriteArrayList<>();
    private MediaEngine media;
    private StaffRecordings recordings;
    private RecordingLine line;
    private DemoCaller caller;

    /** Whether the voice can say thanks. */
    private CompletableFuture<Boolean> speaks = CompletableFuture.completedFuture(true);

    @BeforeEach
    void start() throws Exception {
        media =
                MediaEngine.start(
                        new MediaSettings(
                                HERE,
                                RtpPorts.GATEWAY,
                                RtpPorts.GATEWAY + 999,
                                Duration.ofMillis(100),
                                Duration.ofSeconds(2),
                                1));
        recordings = new StaffRecordings(folder, InstantSource.fixed(NOW), Duration.ofDays(30));
        line =
                new RecordingLine(
                        new InetSocketAddress(HERE, 0),
                        List.of(LOOPBACK),
                        media,
                        new RecordingScript(
                                "de",
                                "opening",
                                "code %s",
                                "say %s",
                                List.of("deleted", "thanks"),
                                List.of("ja", "nein")),
                        text -> {
                            said.add(text.replaceAll("[0-9 ]+$", ""));
                            if (text.equals("thanks") && !speaks.join()) {
                                throw new IOException("the voice is gone");
                            }
                            int millis = text.equals("thanks") ? 2000 : 200;
                            return AudioClip.of(Tone.sine(440, millis, 8000));
                        },
                        recordings);
        caller = DemoCaller.start(new InetSocketAddress(HERE, 0), media);
    }

    @AfterEach
    void stop() {
        caller.close();
        line.close();
        media.close();
    }

    private DemoCall call(CompletableFuture<DemoCall.Outcome> ended) throws Exception {
        return caller.call(
                "sip:words@127.0.0.1:" + line.listening().getFirst().getPort(),
                "+491701234567",
                new DemoCall.Listener() {
                    @Override
                    public void over(DemoCall.Outcome outcome) {
                        ended.complete(outcome);
                    }
                });
    }

    private void hears(String text) {
        await().atMost(Duration.ofSeconds(20)).until(() -> said.contains(text));
    }

    private List<String> rows() throws Exception {
        return Files.readAllLines(folder.resolve("labels.tsv"));
    }

    @Test
    void whoAgreesIsRecordedWordByWordAndLabelledByACode() throws Exception {
        var ended = new CompletableFuture<DemoCall.Outcome>();
        DemoCall call = call(ended);
        hears("opening");
        call.press('1');
        hears("say ja");
        call.say(WORD);
        hears("thanks");
        ended.get(10, TimeUnit.SECONDS);

        assertThat(said).containsExactly("opening", "code", "say ja", "say nein", "thanks");
        assertThat(rows()).hasSize(3);
        assertThat(rows().get(1))
                .matches(
                        "staff-\\d{6}-1\\.wav\tde\tja\tstaff\\|\\d{6}\ttelephone\t"
                                + "2026-12-31T09:00:00Z");
        assertThat(Files.readString(folder.resolve("labels.tsv"))).doesNotContain("1701234567");
        Wav first = Wav.read(folder.resolve(rows().get(1).split("\t", -1)[0]));
        assertThat(first.samples()).hasSize(24_000);
        assertThat(loudest(first.samples())).isGreaterThan(4000);

        String speaker = rows().get(1).split("\t", -1)[3];
        assertThat(recordings.delete(speaker)).isEqualTo(2);
        assertThat(files()).containsExactly("labels.tsv");
    }

    @Test
    void whoDoesNotPressTheOneIsNotRecorded() throws Exception {
        var ended = new CompletableFuture<DemoCall.Outcome>();
        DemoCall call = call(ended);
        hears("opening");
        call.say(WORD);
        call.press('2');
        ended.get(10, TimeUnit.SECONDS);

        assertThat(said).containsExactly("opening");
        assertThat(files()).containsExactly("labels.tsv");
    }

    @Test
    void theNineDeletesAllOfTheCall() throws Exception {
        var ended = new CompletableFuture<DemoCall.Outcome>();
        DemoCall call = call(ended);
        hears("opening");
        call.press('1');
        hears("say nein");
        assertThat(rows()).hasSize(2);
        call.press('9');
        hears("deleted");
        ended.get(10, TimeUnit.SECONDS);

        assertThat(said).doesNotContain("thanks");
        assertThat(rows()).hasSize(1);
        assertThat(files()).containsExactly("labels.tsv");
    }

    @Test
    void theNineDeletesAllOfTheCallBehindTheLastWordToo() throws Exception {
        var ended = new CompletableFuture<DemoCall.Outcome>();
        DemoCall call = call(ended);
        hears("opening");
        call.press('1');
        hears("thanks");
        assertThat(rows()).hasSize(3);
        call.press('9');
        hears("deleted");
        ended.get(10, TimeUnit.SECONDS);

        assertThat(files()).containsExactly("labels.tsv");
    }

    @Test
    void theNineDeletesAllOfACallThatFailsThen() throws Exception {
        speaks = new CompletableFuture<>();
        var ended = new CompletableFuture<DemoCall.Outcome>();
        DemoCall call = call(ended);
        hears("opening");
        call.press('1');
        hears("thanks");
        call.press('9');
        Thread.sleep(1000); // what tells that it has arrived is what fails
        speaks.complete(false);
        ended.get(10, TimeUnit.SECONDS);

        assertThat(said).doesNotContain("deleted");
        assertThat(files()).containsExactly("labels.tsv");
    }

    private List<String> files() throws Exception {
        try (Stream<Path> all = Files.list(folder)) {
            return all.map(file -> file.getFileName().toString())
                    .filter(name -> !name.endsWith(".lock"))
                    .sorted()
                    .toList();
        }
    }

    private static int loudest(short[] samples) {
        int most = 0;
        for (short each : samples) {
            most = Math.max(most, Math.abs(each));
        }
        return most;
    }
}

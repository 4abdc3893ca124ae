package org.consentgateway.cdr;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.networknt.schema.InputFormat;
import com.networknt.schema.JsonSchema;
import com.networknt.schema.JsonSchemaFactory;
import com.networknt.schema.SchemaValidatorsConfig;
import com.networknt.schema.SpecVersion;
import java.io.IOException;
import java.nio.file.FileSystem;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.Period;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Stream;
import org.consentgateway.call.CallEvent;
import org.consentgateway.call.CallOutcome;
import org.consentgateway.call.CallOutcome.Basis;
import org.consentgateway.call.CallOutcome.Trail;
import org.consentgateway.call.signal.CallEnded;
import org.consentgateway.call.signal.MediaQuality;
import org.consentgateway.consent.CallFacts;
import org.consentgateway.consent.Decision;
import org.consentgateway.consent.EndOfConsent;
import org.consentgateway.consent.Level;
import org.consentgateway.consent.Method;
import org.consentgateway.consent.Notice;
import org.consentgateway.consent.NoticeRef;
import org.consentgateway.consent.Purpose;
import org.consentgateway.consent.Subject;
import org.consentgateway.consent.Unclear;
import org.consentgateway.consent.ValidityPeriod;
import org.consentgateway.consent.request.Task;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CallDetailRecordsTest {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Path SCHEMA =
            Path.of(System.getProperty("project.root", "../.."), "config/cdr/cdr.schema.json");
    private static final Instant NOON = Instant.parse("2026-11-27T12:00:00Z");
    private static final NoticeRef NOTICE =
            new NoticeRef(
                    "demo",
                    "2026-11",
                    "de",
                    "a",
                    "00",
                    "00",
                    new Notice.Controller("Musterfirma", "", "DE"));
    private static final Level BASIS =
            Level.of(
                    "basis",
                    List.of(Purpose.ASSISTANT),
                    ValidityPeriod.parse("P12M"),
                    Period.ofYears(3),
                    true);
    private static final String PSEUDONYM = "c0ffee";

    @TempDir private Path folder;

    private final AtomicLong lost = new AtomicLong();
    private volatile Instant now = NOON;

    private CallDetailRecords.Settings settings(boolean pseudonyms, CdrFormat... formats) {
        return new CallDetailRecords.Settings(
                folder, "gw1", List.of(formats), 1_000_000, Period.ofDays(90), pseudonyms);
    }

    private CallDetailRecords open(CallDetailRecords.Settings settings) {
        return CallDetailRecords.open(settings, () -> now, lost::addAndGet);
    }

    private static CallFacts facts() {
        return new CallFacts(
                UUID.randomUUID(),
                "ab12",
                "local",
                "demo",
                NOON.minusSeconds(70),
                new Subject(PSEUDONYM),
                true,
                false,
                true);
    }

    private static CallFacts unanswered() {
        return new CallFacts(
                UUID.randomUUID(), "ab12", "local", "demo", null, null, false, false, false);
    }

    private static Trail trail(CallFacts facts) {
        return new Trail(
                facts,
                "de",
                "2026-11",
                "a",
                Duration.ofMillis(75_250),
                CallEnded.How.CALLER_HUNG_UP);
    }

    /** What is told of a call with everything in it. */
    private static List<CallEvent> wholeCall(CallFacts facts) {
        return List.of(
                new CallEvent.FirstAudio(facts, Duration.ofMillis(20)),
                new CallEvent.DisclosureServed(facts, NOTICE, false, true),
                new CallEvent.QuestionServed(facts, NOTICE, false, Instant.EPOCH),
                new CallEvent.Decided(
                        facts,
                        NOTICE,
                        false,
                        new Decision.Given(BASIS),
                        Method.SPEECH,
                        Duration.ofMillis(4_321)),
                new CallEvent.Joined(
                        facts, NOTICE, CallEvent.Whom.ASSISTANT, Duration.ofMillis(8_750)),
                new CallEvent.TaskOpened(facts, NOTICE, Task.Kind.COMPLAINT),
                new CallEvent.Ended(
                        new CallOutcome.Assisted(
                                trail(facts), "basis", Basis.GIVEN, Duration.ofMillis(61_240)),
                        new MediaQuality(
                                new MediaQuality.Stream(950, 50, 2.25, 3.9),
                                new MediaQuality.Stream(1000, 0, 1, 4.38),
                                new MediaQuality.Dropped(0, 0, 0, 0))));
    }

    private static CallEvent ended(CallOutcome outcome) {
        return new CallEvent.Ended(outcome, MediaQuality.NONE);
    }

    private List<String> lines(String file) throws IOException {
        return Files.readAllLines(folder.resolve(file));
    }

    private List<String> files() throws IOException {
        try (Stream<Path> all = Files.list(folder)) {
            return all.map(file -> file.getFileName().toString()).sorted().toList();
        }
    }

    @Test
    void aCallIsOneLineThatSaysHowItWent() throws IOException {
        CallFacts facts = facts();
        try (CallDetailRecords records = open(settings(false, CdrFormat.JSON))) {
            wholeCall(facts).forEach(records::told);
        }

        List<String> lines = lines("cdr-gw1-2026-11-27.jsonl");
        assertThat(lines).hasSize(1);
        JsonNode cdr = JSON.readTree(lines.getFirst());
        assertThat(cdr.get("call_id").asText()).isEqualTo(facts.callId().toString());
        assertThat(cdr.get("started_at").asText()).isEqualTo("2026-11-27T11:58:44.750Z");
        assertThat(cdr.get("ended_at").asText()).isEqualTo("2026-11-27T12:00:00Z");
        assertThat(lines.getFirst())
                .contains("\"seconds\":75.250,", "\"talk_seconds\":61.240,")
                .contains("\"decision\":\"given\",\"level\":\"basis\",\"method\":\"speech\"")
                .contains("\"decision_seconds\":4.321", "\"disclosure\":\"complete\"")
                .contains("\"outcome\":\"assisted\",\"basis\":\"given\"")
                .contains("\"ended_by\":\"caller-hung-up\",\"task\":\"complaint\"")
                .contains("\"mos\":3.90,\"loss_percent\":5.0,\"jitter_ms\":2.3,\"mos_there\":4.38")
                .contains("\"joined\":\"assistant\",\"join_seconds\":8.750");
        assertThat(lost).hasValue(0);
    }

    @Test
    void whoCalledIsSaidOnlyWhereItIsWantedAndTheCallerIsKnown() throws IOException {
        try (CallDetailRecords records = open(settings(false, CdrFormat.JSON, CdrFormat.CSV))) {
            wholeCall(facts()).forEach(records::told);
        }
        assertThat(lines("cdr-gw1-2026-11-27.jsonl").getFirst()).doesNotContain(PSEUDONYM);
        assertThat(lines("cdr-gw1-2026-11-27.csv").getLast()).doesNotContain(PSEUDONYM);

        try (CallDetailRecords records = open(settings(true, CdrFormat.JSON))) {
            wholeCall(facts()).forEach(records::told);
            CallFacts f = facts();
            CallFacts withheld =
                    new CallFacts(
                            f.callId(),
                            "ab12",
                            "local",
                            "demo",
                            null,
                            f.subject(),
                            true,
                            true,
                            true);
            records.told(ended(new CallOutcome.NeverAnswered(trail(withheld))));
        }
        List<String> lines = lines("cdr-gw1-2026-11-27.jsonl");
        assertThat(lines.get(1)).contains("\"caller_pseudonym\":\"" + PSEUDONYM + "\"");
        assertThat(lines.get(2)).doesNotContain(PSEUDONYM);
    }

    /** The log has no name of them either: only a consent is to be shown (Art. 5 (1)(c) DSGVO). */
    @Test
    void whoRefusesIsSilentOrIsErasedMeanwhileIsNotNamedInAnyFormat() throws IOException {
        List<List<CallEvent>> calls = new ArrayList<>();
        for (Decision no :
                List.of(new Decision.Refused(), new Decision.Unanswered(Unclear.NO_INPUT))) {
            CallFacts facts = facts();
            calls.add(
                    List.of(
                            new CallEvent.DisclosureServed(facts, NOTICE, true, true),
                            new CallEvent.QuestionServed(facts, NOTICE, true, Instant.EPOCH),
                            new CallEvent.Decided(
                                    facts, NOTICE, true, no, Method.KEY, Duration.ofSeconds(2)),
                            ended(new CallOutcome.Drained(trail(facts)))));
        }
        CallFacts left = facts();
        calls.add(
                List.of(
                        new CallEvent.Abandoned(left, NOTICE, true, Unclear.HANGUP_DURING_OPENING),
                        ended(new CallOutcome.Drained(trail(left)))));
        CallFacts asks = facts();
        calls.add(
                List.of(
                        ended(
                                new CallOutcome.PrivacyServed(
                                        trail(asks), CallOutcome.Wish.ASKED_FOR_ERASURE))));
        CallFacts gone = facts();
        List<CallEvent> erased = new ArrayList<>(wholeCall(gone));
        erased.add(erased.size() - 1, new CallEvent.ConsentEnded(gone, EndOfConsent.How.ERASED));
        calls.add(erased);

        try (CallDetailRecords records = open(settings(true, CdrFormat.JSON, CdrFormat.CSV))) {
            calls.forEach(call -> call.forEach(records::told));
        }
        for (String file : List.of("cdr-gw1-2026-11-27.jsonl", "cdr-gw1-2026-11-27.csv")) {
            assertThat(String.join("\n", lines(file))).doesNotContain(PSEUDONYM);
        }
        assertThat(lines("cdr-gw1-2026-11-27.jsonl"))
                .hasSize(calls.size())
                .allMatch(line -> line.contains("\"caller_pseudonym\":null"));
    }

    @Test
    void whoConsentsReliesOnAConsentOrEndsItIsNamedWhereWanted() throws IOException {
        List<CallFacts> calls = List.of(facts(), facts(), facts());
        try (CallDetailRecords records = open(settings(true, CdrFormat.JSON))) {
            records.told(new CallEvent.Reaffirmed(calls.get(0), "basis", Method.SPEECH));
            records.told(new CallEvent.Used(calls.get(1), "basis"));
            records.told(new CallEvent.Withdrawn(calls.get(2), "basis", Method.KEY));
            for (CallFacts facts : calls) {
                records.told(ended(new CallOutcome.Drained(trail(facts))));
            }
        }
        assertThat(lines("cdr-gw1-2026-11-27.jsonl"))
                .hasSize(3)
                .allMatch(line -> line.contains("\"caller_pseudonym\":\"" + PSEUDONYM + "\""));
    }

    private static List<CallEvent> assisted(CallFacts facts) {
        return List.of(
                new CallEvent.Used(facts, "basis"),
                ended(
                        new CallOutcome.Assisted(
                                trail(facts), "basis", Basis.KNOWN, Duration.ofSeconds(9))));
    }

    private String all() throws IOException {
        StringBuilder all = new StringBuilder();
        for (String file : files()) {
            if (Files.isRegularFile(folder.resolve(file))) {
                all.append(Files.readString(folder.resolve(file)));
            }
        }
        return all.toString();
    }

    /** As after an erasure: a name goes from each file, also from that which is being written. */
    @Test
    void aNameThatTheLogHasNoMoreInACallGoesFromAllFilesAndNothingElseDoes() throws IOException {
        CallFacts gone = facts();
        CallFacts stays = facts();
        CallFacts later = facts();
        Path foreign = folder.resolve("cdr-gw2-2026-11-27.jsonl");
        CdrFormat[] both = {CdrFormat.JSON, CdrFormat.CSV};
        try (CallDetailRecords records = open(settings(true, both))) {
            assisted(gone).forEach(records::told);
            assisted(stays).forEach(records::told);
            await().until(() -> lines("cdr-gw1-2026-11-27.csv").size() == 3);
            Files.copy(folder.resolve("cdr-gw1-2026-11-27.jsonl"), foreign);
            Files.copy(
                    folder.resolve("cdr-gw1-2026-11-27.jsonl"),
                    folder.resolve("cdr-gw1-2026-11-26.1.jsonl"));
            String before = all();

            records.forget(_ -> Map.of(stays.callId().toString(), Set.of(PSEUDONYM)));

            assertThat(Files.readString(foreign)).as("of another node").contains(PSEUDONYM);
            Files.delete(foreign);
            assertThat(all().split(PSEUDONYM, -1)).as("of one call in three files").hasSize(4);
            for (String file : files()) {
                assertThat(lines(file))
                        .filteredOn(line -> line.contains(gone.callId().toString()))
                        .singleElement()
                        .satisfies(line -> assertThat(line).doesNotContain(PSEUDONYM))
                        .satisfies(line ->
                                assertThat(before)
                                        .contains(
                                                line.replace(
                                                                "_pseudonym\":null",
                                                                "_pseudonym\":\"c0ffee\"")
                                                        .replace(",true,false,,", NAMED)));
            }
            assisted(later).forEach(records::told);
        }
        assertThat(lines("cdr-gw1-2026-11-27.jsonl")).hasSize(3);
        assertThat(lines("cdr-gw1-2026-11-27.csv")).hasSize(4);
        assertThat(files()).noneMatch(file -> file.endsWith(".tmp"));
    }

    private static final String NAMED = ",true,false," + PSEUDONYM + ",";

    /** Where the log says nothing nothing is known, and what fails is done again. */
    @Test
    void namesStayWhereTheLogDoesNotAnswerAndThatIsToldToWhoeverAsks() throws IOException {
        try (CallDetailRecords records = open(settings(true, CdrFormat.JSON))) {
            assisted(facts()).forEach(records::told);
            await().until(() -> all().endsWith("\n"));
            assertThatThrownBy(() ->
                            records.forget(_ -> {
                                throw new IOException("the store is down");
                            }))
                    .hasMessage("the store is down");
            assertThat(all()).contains(PSEUDONYM);

            Path inTheWay =
                    Files.createDirectories(folder.resolve("cdr-gw1-2026-11-27.jsonl.tmp/x"));
            assertThatThrownBy(() -> records.forget(_ -> Map.of()))
                    .hasMessageContaining("still in call detail records");
            assertThat(all()).contains(PSEUDONYM);
            Files.delete(inTheWay);
            records.forget(_ -> Map.of());
            assertThat(all()).doesNotContain(PSEUDONYM);
        }
    }

    @Test
    void everyWayACallCanEndHasALineOfTheSchema() throws IOException {
        try (CallDetailRecords records = open(settings(true, CdrFormat.JSON, CdrFormat.CSV))) {
            for (CallOutcome outcome : outcomes()) {
                CallFacts facts = outcome.trail().facts();
                records.told(
                        new CallEvent.Abandoned(
                                facts, NOTICE, true, Unclear.HANGUP_DURING_QUESTION));
                records.told(new CallEvent.Withdrawn(facts, "basis", Method.KEY));
                records.told(ended(outcome));
            }
            wholeCall(facts()).forEach(records::told);
        }

        List<String> json = lines("cdr-gw1-2026-11-27.jsonl");
        assertThat(json).hasSize(CallOutcome.names().size() + 1);
        JsonSchema schema =
                JsonSchemaFactory.getInstance(SpecVersion.VersionFlag.V202012)
                        .getSchema(
                                Files.readString(SCHEMA),
                                InputFormat.JSON,
                                SchemaValidatorsConfig.builder()
                                        .formatAssertionsEnabled(true)
                                        .build());
        for (String line : json) {
            assertThat(schema.validate(line, InputFormat.JSON)).as(line).isEmpty();
        }
        assertThat(schema.validate("{\"schema\":\"cdr/1\"}", InputFormat.JSON)).isNotEmpty();
        List<String> properties = new ArrayList<>();
        JSON.readTree(SCHEMA.toFile())
                .get("properties")
                .fieldNames()
                .forEachRemaining(properties::add);
        assertThat(lines("cdr-gw1-2026-11-27.csv"))
                .hasSize(json.size() + 1)
                .first()
                .isEqualTo(String.join(",", properties));
        for (String line : lines("cdr-gw1-2026-11-27.csv")) {
            assertThat(line.split(",", -1)).hasSize(properties.size());
        }
    }

    private static List<CallOutcome> outcomes() {
        CallOutcome.Path human = CallOutcome.Path.HUMAN;
        return List.of(
                new CallOutcome.Assisted(trail(facts()), "basis", Basis.KNOWN, Duration.ZERO),
                new CallOutcome.Withdrew(trail(facts()), "basis", CallOutcome.Path.CALL_BACK),
                new CallOutcome.Refused(trail(facts()), CallOutcome.Path.GOODBYE),
                new CallOutcome.Unanswered(trail(facts()), Unclear.NO_INPUT, human),
                new CallOutcome.AssistantUnreachable(trail(facts()), "basis", human),
                new CallOutcome.StoreDown(trail(facts()), CallOutcome.Path.HUNG_UP),
                new CallOutcome.LeftBeforeAssistant(trail(facts()), "basis"),
                new CallOutcome.NeverAnswered(
                        new Trail(unanswered(), "", "", "", Duration.ofSeconds(3), null)),
                new CallOutcome.PrivacyServed(trail(facts()), CallOutcome.Wish.ASKED_FOR_ERASURE),
                new CallOutcome.Drained(trail(facts())),
                new CallOutcome.Failed(trail(facts()), "IllegalStateException"));
    }

    @Test
    void aDayIsAFileAndALargeDaySeveral() throws IOException {
        var small =
                new CallDetailRecords.Settings(
                        folder, "gw1", List.of(CdrFormat.CSV), 1_200, Period.ofDays(90), false);
        try (CallDetailRecords records = open(small)) {
            for (int i = 0; i < 6; i++) {
                records.told(ended(outcomes().get(2)));
            }
            now = NOON.plus(Duration.ofDays(1));
            records.told(ended(outcomes().get(2)));
        }
        assertThat(files())
                .contains(
                        "cdr-gw1-2026-11-27.csv",
                        "cdr-gw1-2026-11-27.1.csv",
                        "cdr-gw1-2026-11-28.csv");
        int calls = 0;
        for (String file : files()) {
            assertThat(Files.size(folder.resolve(file))).as(file).isLessThanOrEqualTo(1_200);
            assertThat(lines(file).getFirst()).as(file).startsWith("schema,call_id,");
            calls += lines(file).size() - 1;
        }
        assertThat(calls).isEqualTo(7);
    }

    @Test
    void filesOfDaysLongPastGoAndOthersStay() throws IOException {
        Files.writeString(folder.resolve("cdr-gw1-2026-08-28.jsonl"), "{}\n");
        Files.writeString(folder.resolve("cdr-gw1-2026-08-29.1.jsonl"), "{}\n");
        Files.writeString(folder.resolve("cdr-gw2-2020-01-01.jsonl"), "{}\n");
        try (CallDetailRecords records = open(settings(false, CdrFormat.JSON))) {
            wholeCall(facts()).forEach(records::told);
        }

        assertThat(files())
                .containsExactly(
                        "cdr-gw1-2026-08-29.1.jsonl",
                        "cdr-gw1-2026-11-27.jsonl",
                        "cdr-gw2-2020-01-01.jsonl");
    }

    /** As at a node that stands by, and where a format is no longer written. */
    @Test
    void filesOfDaysLongPastGoWithoutACallWhateverTheirFormat() throws Exception {
        Files.writeString(folder.resolve("cdr-gw1-2026-08-28.jsonl"), "{}\n");
        Files.writeString(folder.resolve("cdr-gw1-2026-08-28.1.csv"), "\n");
        Files.writeString(folder.resolve("cdr-gw1-2026-08-29.csv"), "\n");
        Files.writeString(folder.resolve("cdr-gw1-2026-08-28.txt"), "\n");
        open(settings(false, CdrFormat.JSON)).close();
        assertThat(files()).containsExactly("cdr-gw1-2026-08-28.txt", "cdr-gw1-2026-08-29.csv");

        Path late = Files.writeString(folder.resolve("cdr-gw1-2026-08-27.csv"), "\n");
        try (CallDetailRecords _ = open(settings(false, CdrFormat.JSON))) {
            await("the first look").until(() -> !Files.exists(late));
            now = NOON.plus(Duration.ofDays(1));
            await().until(() -> files().equals(List.of("cdr-gw1-2026-08-28.txt")));
        }
    }

    @Test
    void aLineThatACrashHasTornIsNotReadAsTheNextOne() throws IOException {
        Path today = folder.resolve("cdr-gw1-2026-11-27.jsonl");
        Files.writeString(today, "{\"whole\":true}\n{\"torn\":" + "1".repeat(20_000));
        try (CallDetailRecords records = open(settings(false, CdrFormat.JSON))) {
            wholeCall(facts()).forEach(records::told);
        }

        List<String> lines = Files.readAllLines(today);
        assertThat(lines).hasSize(2);
        assertThat(lines.getFirst()).isEqualTo("{\"whole\":true}");
        assertThat(JSON.readTree(lines.getLast()).get("schema").asText()).isEqualTo("cdr/1");
    }

    /** Of a listing that breaks off the platform tells so, and not by an IOException. */
    @Test
    void aDiskThatFailsUncheckedDoesNotEndTheWriter() throws IOException {
        FileSystem gone =
                FileSystems.newFileSystem(folder.resolve("disk.zip"), Map.of("create", "true"));
        Path there = gone.getPath("/cdr");
        gone.close();
        var settings =
                new CallDetailRecords.Settings(
                        there, "gw1", List.of(CdrFormat.JSON), 1_000_000, Period.ofDays(90), false);
        try (CallDetailRecords records = open(settings)) {
            for (long calls = 1; calls <= 3; calls++) {
                wholeCall(facts()).forEach(records::told);
                long all = calls;
                await().until(() -> lost.get() == all);
            }
        }
    }

    @Test
    void whatTheDiskDoesNotTakeIsCountedAndHarmsNoCall() throws IOException {
        Path file = Files.createFile(folder.resolve("no-directory"));
        var nowhere =
                new CallDetailRecords.Settings(
                        file.resolve("below"),
                        "gw1",
                        List.of(CdrFormat.JSON, CdrFormat.CSV),
                        1_000,
                        Period.ofDays(1),
                        false);
        CallDetailRecords records = open(nowhere);
        wholeCall(facts()).forEach(records::told);
        records.close();
        wholeCall(facts()).forEach(records::told);

        assertThat(lost).as("a line of each format, and a call after the end").hasValue(3);
    }
}

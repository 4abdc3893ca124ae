package org.consentgateway.proof;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.time.Instant;
import java.time.Period;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.consentgateway.consent.CallFacts;
import org.consentgateway.consent.ConsentRecord;
import org.consentgateway.consent.EndOfConsent;
import org.consentgateway.consent.Evidence;
import org.consentgateway.consent.Grant;
import org.consentgateway.consent.Level;
import org.consentgateway.consent.Method;
import org.consentgateway.consent.NoticeRef;
import org.consentgateway.consent.Playing;
import org.consentgateway.consent.Purpose;
import org.consentgateway.consent.SpokenWords;
import org.consentgateway.consent.Subject;
import org.consentgateway.consent.Unclear;
import org.consentgateway.consent.ValidityPeriod;
import org.consentgateway.proof.late.LateFile;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RecordJsonTest {
    private static final Instant AT = Instant.parse("2026-11-24T12:00:00.123456789Z");
    private static final Subject SUBJECT = new Subject("k1.abc");
    private static final CallFacts CALL =
            new CallFacts(id(1), "h", "local", "demo", AT, SUBJECT, true, false, true);
    private static final CallFacts UNNAMED =
            new CallFacts(id(1), "h", "local", "demo", AT, null, true, false, true);
    private static final CallFacts WITHHELD =
            new CallFacts(id(2), "h", "local", "demo", null, null, false, true, false);
    private static final NoticeRef NOTICE =
            new NoticeRef(
                    "demo",
                    "2026-11",
                    "de",
                    "a",
                    "t",
                    "u",
                    new org.consentgateway.consent.Notice.Controller(
                            "Musterfirma", "Musterweg 1", "AT"));
    private static final List<Evidence> EVIDENCE =
            List.of(
                    new Evidence(
                            "question.assistant",
                            "basis",
                            1,
                            Evidence.Result.CONFLICT,
                            Method.BOTH,
                            '2',
                            new SpokenWords("ja"),
                            0.91,
                            "m",
                            Duration.ofMillis(1234)),
                    new Evidence(
                            "repeat-1.assistant",
                            "basis",
                            2,
                            Evidence.Result.NO_INPUT,
                            Method.NONE,
                            null,
                            null,
                            0,
                            "",
                            Duration.ofSeconds(6)));
    private static final Level LEVEL =
            Level.of(
                    "komfort",
                    Set.of(new Purpose("assistant"), new Purpose("transcript")),
                    ValidityPeriod.parse("P1Y6M"),
                    Period.ofYears(3),
                    true);

    private static UUID id(int n) {
        return new UUID(0x0190_0000_0000_7000L, n);
    }

    static Stream<ConsentRecord> records() {
        var lasting = new Grant(LEVEL, AT, AT.plusSeconds(9), AT.plusSeconds(7), EVIDENCE);
        var thisCall = new Grant(LEVEL, AT, null, null, List.of());
        return Stream.of(
                new ConsentRecord.Served(
                        id(3),
                        AT,
                        UNNAMED,
                        NOTICE,
                        "opening",
                        new Playing(AT, 9, 8, false, "hold")),
                new ConsentRecord.Given(id(4), AT, CALL, NOTICE, lasting, null),
                new ConsentRecord.Given(id(5), AT, WITHHELD, NOTICE, thisCall, id(4)),
                new ConsentRecord.Renewed(id(6), AT, CALL, NOTICE, lasting, id(4)),
                new ConsentRecord.Refused(id(7), AT, CALL, NOTICE, EVIDENCE, id(6)),
                new ConsentRecord.Refused(id(8), AT, WITHHELD, NOTICE, EVIDENCE, null),
                new ConsentRecord.Unanswered(
                        id(9), AT, UNNAMED, NOTICE, Unclear.HANGUP_DURING_OPENING, List.of()),
                new ConsentRecord.Used(id(10), AT, CALL, id(4), AT.plusSeconds(9)),
                new ConsentRecord.Reaffirmed(id(20), AT, CALL, NOTICE, lasting, id(4)),
                new ConsentRecord.AssistantOpened(id(11), AT, CALL, id(4), "demo-assistant"),
                new ConsentRecord.AssistantCut(
                        id(12), AT, CALL, id(4), ConsentRecord.Cut.WITHDRAWN),
                new ConsentRecord.Withdrawn(
                        id(13),
                        AT,
                        CALL,
                        SUBJECT,
                        "demo",
                        id(4),
                        ConsentRecord.Withdrawn.Reason.CALLER,
                        Method.KEY,
                        AT,
                        AT.plusMillis(3)),
                new ConsentRecord.Withdrawn(
                        id(14),
                        AT,
                        null,
                        SUBJECT,
                        "demo",
                        id(4),
                        ConsentRecord.Withdrawn.Reason.OPERATOR,
                        Method.NONE,
                        AT,
                        null),
                new ConsentRecord.Imported(
                        id(43),
                        AT,
                        SUBJECT,
                        NOTICE,
                        lasting,
                        new ConsentRecord.Provenance(
                                ConsentRecord.Provenance.Source.WEB,
                                "newsletter",
                                "A-1",
                                ConsentRecord.Provenance.Identified.CODE,
                                true,
                                "Ada Meier")),
                new ConsentRecord.Imported(
                        id(44),
                        AT,
                        SUBJECT,
                        new NoticeRef("demo", "", "de", "", "d", "", NOTICE.controller()),
                        lasting,
                        new ConsentRecord.Provenance(
                                ConsentRecord.Provenance.Source.PAPER,
                                "F 12",
                                "B-1",
                                ConsentRecord.Provenance.Identified.NO,
                                false,
                                "Ada Meier")),
                new ConsentRecord.PurposeDecided(
                        id(42),
                        AT,
                        CALL,
                        id(4),
                        Purpose.RECORDING,
                        ConsentRecord.PurposeDecided.Outcome.REFUSED,
                        Method.KEY,
                        EVIDENCE),
                new ConsentRecord.HolderNotified(
                        id(40),
                        AT,
                        CALL,
                        "demo-assistant",
                        new EndOfConsent(id(4), EndOfConsent.How.WITHDRAWN, AT),
                        true,
                        "INFO"),
                new ConsentRecord.HolderNotified(
                        id(41),
                        AT,
                        WITHHELD,
                        "demo-assistant",
                        new EndOfConsent(id(5), EndOfConsent.How.ERASED, AT),
                        false,
                        ""),
                new ConsentRecord.Expired(id(15), AT, SUBJECT, "demo", id(4)));
    }

    private static Evidence answer(String level, int attempt, Evidence.Result result, char key) {
        return new Evidence(
                "question." + level,
                level,
                attempt,
                result,
                Method.KEY,
                key,
                null,
                0,
                "",
                Duration.ofMillis(1000L * attempt + key));
    }

    @Test
    void onTopOfAGrantStandsTheAnswerThatAgreed() {
        List<Evidence> ladder =
                List.of(
                        answer("basis", 1, Evidence.Result.AGREED, '1'),
                        answer("komfort", 1, Evidence.Result.NO_MATCH, '7'),
                        answer("komfort", 2, Evidence.Result.AGREED, '1'),
                        answer("voll", 1, Evidence.Result.DECLINED, '2'));
        var given =
                new ConsentRecord.Given(
                        id(30), AT, CALL, NOTICE, new Grant(LEVEL, AT, null, null, ladder), null);

        var decision = RecordJson.write(given).get("decision");

        assertThat(decision.get("key").asText()).isEqualTo("1");
        assertThat(decision.get("attempts").asInt()).isEqualTo(2);
        assertThat(decision.get("latency_ms").asLong()).isEqualTo(2000 + '1');
        assertThat(decision.get("evidence")).hasSize(4);
    }

    @Test
    void everyRecordComesBackFromItsJsonAsItWas() throws Exception {
        var mapper = new ObjectMapper();
        for (ConsentRecord record : records().toList()) {
            String text = mapper.writeValueAsString(RecordJson.write(record));
            assertThat(RecordJson.read(mapper.readTree(text))).isEqualTo(record);
        }
    }

    @Test
    void everyKindOfRecordIsTried() {
        Set<Class<?>> tried = records().map(ConsentRecord::getClass).collect(Collectors.toSet());
        Set<Class<?>> all =
                Stream.of(ConsentRecord.class.getPermittedSubclasses())
                        .flatMap(c ->
                                c.isSealed() ? Stream.of(c.getPermittedSubclasses()) : Stream.of(c))
                        .collect(Collectors.toSet());
        assertThat(tried).isEqualTo(all);
    }

    @Test
    void whoWasSilentHungUpOrRefusedIsNotNamed() {
        Playing playing = new Playing(AT, 9, 8, false, "hold");
        Stream.of(
                        new ConsentRecord.Served(id(3), AT, CALL, NOTICE, "opening", playing),
                        new ConsentRecord.Unanswered(
                                id(9), AT, CALL, NOTICE, Unclear.NO_INPUT, EVIDENCE),
                        new ConsentRecord.Refused(id(8), AT, CALL, NOTICE, EVIDENCE, null))
                .forEach(record ->
                        assertThat(RecordJson.write(record).toString())
                                .doesNotContain(SUBJECT.pseudonym()));

        assertThat(
                        RecordJson.write(
                                        new ConsentRecord.Refused(
                                                id(8), AT, CALL, NOTICE, EVIDENCE, id(6)))
                                .at("/subject/pseudonym")
                                .asText())
                .as("of a number whose owner had agreed: it is shared")
                .isEqualTo(SUBJECT.pseudonym());
    }

    @Test
    void aLateRecordIsOnDiskAsSoonAsItIsKept(@TempDir Path directory) throws Exception {
        Path file = directory.resolve("late.jsonl");
        List<ConsentRecord> all = records().toList();
        var late = LateFile.open(file);
        for (ConsentRecord record : all) {
            assertThat(late.keep(List.of(record))).isTrue();
        }

        assertThat(LateFile.open(file).kept()).containsExactlyElementsOf(all);
    }

    @Test
    void lateRecordsOutliveARestartAndATornLine(@TempDir Path directory) throws Exception {
        Path file = directory.resolve("late.jsonl");
        var late = LateFile.open(file);
        List<ConsentRecord> all = records().toList();
        for (ConsentRecord record : all) {
            assertThat(late.keep(List.of(record))).isTrue();
        }
        late.forget(List.of(all.get(0)));
        Files.writeString(file, "{\"record_id\":\"torn", StandardOpenOption.APPEND);

        var again = LateFile.open(file);

        assertThat(again.kept()).containsExactlyElementsOf(all.subList(1, all.size()));
        assertThat(Files.getPosixFilePermissions(file)).hasSize(2);
    }
}

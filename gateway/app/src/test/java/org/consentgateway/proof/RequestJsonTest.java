package org.consentgateway.proof;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.stream.Stream;
import org.consentgateway.consent.CallFacts;
import org.consentgateway.consent.Notice;
import org.consentgateway.consent.NoticeRef;
import org.consentgateway.consent.PhoneNumber;
import org.consentgateway.consent.Subject;
import org.consentgateway.consent.request.CallBackResult;
import org.consentgateway.consent.request.SubjectRequest;
import org.consentgateway.consent.request.SubjectRequest.Answer;
import org.consentgateway.consent.request.SubjectRequest.Asked;
import org.consentgateway.consent.request.SubjectRequest.Channel;
import org.consentgateway.consent.request.SubjectRequest.Confirmation;
import org.consentgateway.consent.request.SubjectRequest.Kept;
import org.consentgateway.consent.request.SubjectRequest.Kind;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class RequestJsonTest {
    private static final Instant AT = Instant.parse("2026-11-24T12:00:00Z");
    private static final Subject SUBJECT = new Subject("k2.abc", List.of("k1.def"));
    private static final CallFacts CALL =
            new CallFacts(
                    id(1), "h", "local", "privacy", AT, new Subject("k2.abc"), true, false, true);
    private static final SubjectRequest.Opened OPENED =
            new SubjectRequest.Opened(
                    id(2),
                    AT,
                    Kind.ERASURE,
                    Channel.PRIVACY_LINE,
                    CALL,
                    "",
                    SUBJECT,
                    AT.plusSeconds(9),
                    Confirmation.AWAITED);
    private static final Answer ANSWER = new Answer("A. Beispiel", "asked back in writing");

    private static UUID id(int n) {
        return new UUID(0x0190_0000_0000_7000L, n);
    }

    static Stream<SubjectRequest> requests() {
        return Stream.of(
                OPENED,
                new SubjectRequest.Opened(
                        id(3),
                        AT,
                        Kind.ACCESS,
                        Channel.LETTER,
                        null,
                        "B",
                        SUBJECT,
                        AT,
                        Confirmation.NOT_NEEDED),
                new SubjectRequest.CallBackPlaced(id(7), AT, Asked.of(OPENED), id(10)),
                new SubjectRequest.Confirmed(id(11), AT, Asked.of(OPENED)),
                new SubjectRequest.Unconfirmed(
                        id(12), AT, Asked.of(OPENED), ANSWER, CallBackResult.NO_KEY),
                new SubjectRequest.Approved(
                        id(4),
                        AT,
                        Asked.of(OPENED),
                        ANSWER,
                        List.of(new Kept("§ 7a UWG", List.of(id(8), id(9)))),
                        Map.of("consent-gateway/log/gw1", 7L, "consent-gateway/log/gw1.cli", 0L)),
                new SubjectRequest.Approved(
                        id(14), AT, Asked.of(OPENED), ANSWER, List.of(), Map.of()),
                new SubjectRequest.Refused(id(5), AT, Asked.of(OPENED), ANSWER),
                new SubjectRequest.Extended(
                        id(6), AT, Asked.of(OPENED), ANSWER, AT.plusSeconds(99)));
    }

    @ParameterizedTest
    @MethodSource("requests")
    void whatIsWrittenIsReadAgain(SubjectRequest request) {
        ObjectNode json = RequestJson.write(request);

        assertThat(RequestJson.read(json)).isEqualTo(request);
        assertThat(json.at("/retention/delete_at").asText()).isEqualTo("2030-11-24T12:00:00Z");
    }

    @Test
    void whatIsToBeCalledBackIsReadAgainAndKeptForDaysOnly() {
        var due =
                new SubjectRequest.CallBackDue(
                        id(13),
                        AT,
                        Asked.of(OPENED),
                        CALL.withoutSubject(),
                        new NoticeRef(
                                "demo",
                                "1",
                                "de",
                                "a",
                                "00",
                                "11",
                                new Notice.Controller("M", "", "DE")),
                        new PhoneNumber("+491710000001"),
                        new Subject("k2.abc"));
        ObjectNode json = RequestJson.write(due);

        assertThat(RequestJson.read(json)).isEqualTo(due);
        assertThat(json.at("/retention/delete_at").asText()).isEqualTo("2026-11-27T12:00:00Z");
        assertThat(json.has("refers_to")).as("it would be kept as long as the request").isFalse();
    }

    @ParameterizedTest
    @MethodSource("requests")
    void noAnswerNamesTheSubject(SubjectRequest request) {
        boolean named = RequestJson.write(request).toString().contains("k2.abc");

        assertThat(named).isEqualTo(request instanceof SubjectRequest.Opened);
    }
}

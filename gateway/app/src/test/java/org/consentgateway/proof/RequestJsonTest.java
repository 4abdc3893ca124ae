package org.consentgateway.proof;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import java.util.stream.Stream;
import org.consentgateway.consent.CallFacts;
import org.consentgateway.consent.Subject;
import org.consentgateway.consent.request.SubjectRequest;
import org.consentgateway.consent.request.SubjectRequest.Answer;
import org.consentgateway.consent.request.SubjectRequest.Asked;
import org.consentgateway.consent.request.SubjectRequest.Channel;
import org.consentgateway.consent.request.SubjectRequest.Kept;
import org.consentgateway.consent.request.SubjectRequest.Kind;
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
                    AT.plusSeconds(9));
    private static final Answer ANSWER = new Answer("A. Beispiel", "asked back in writing");

    private static UUID id(int n) {
        return new UUID(0x0190_0000_0000_7000L, n);
    }

    static Stream<SubjectRequest> requests() {
        return Stream.of(
                OPENED,
                new SubjectRequest.Opened(
                        id(3), AT, Kind.ACCESS, Channel.LETTER, null, "B", SUBJECT, AT),
                new SubjectRequest.Approved(
                        id(4),
                        AT,
                        Asked.of(OPENED),
                        ANSWER,
                        List.of(new Kept("§ 7a UWG", List.of(id(8), id(9))))),
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

    @ParameterizedTest
    @MethodSource("requests")
    void noAnswerNamesTheSubject(SubjectRequest request) {
        boolean named = RequestJson.write(request).toString().contains("k2.abc");

        assertThat(named).isEqualTo(request instanceof SubjectRequest.Opened);
    }
}

package org.consentgateway.whole;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.concurrent.TimeUnit;
import org.consentgateway.testkit.attack.Amplification;
import org.consentgateway.testkit.attack.Amplification.Row;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

/** An address can be forged: what comes back for a datagram must not be more than it was. */
@Timeout(value = 60, unit = TimeUnit.SECONDS)
class AmplificationTest {
    /** A refusal in a transaction would come three times. */
    private static final int A_WHILE_MILLIS = 2500;

    private static final String TRUNK = "127.0.0.1";
    private static final String TRUNK_WITH_PASSWORD = "127.0.0.4";
    private static final String STRANGER = "127.0.0.9";

    @RegisterExtension
    static final TestGateway gateway =
            TestGateway.with(
                    TestGateway.Wishes.USUAL,
                    yaml ->
                            yaml.replace(
                                    "assistants:\n",
                                    "  - {name: pbx, sources: [\"127.0.0.4\"], authentication:"
                                            + " {user: pbx, password: pbx-secret}}\n"
                                            + "assistants:\n"));

    private static Amplification by(String trunk) throws Exception {
        return new Amplification(
                gateway.sip(), trunk, STRANGER, TestGateway.ONE_LEVEL, A_WHILE_MILLIS);
    }

    @Story
    void nothingThatBelongsToNoCallBringsMoreThanItWas() throws Exception {
        List<Row> rows = by(TRUNK).rows();
        assertThat(rows).allSatisfy(row -> assertThat(row.factor()).isLessThanOrEqualTo(1));
        assertThat(rows)
                .filteredOn(row -> row.who().equals("a stranger"))
                .hasSizeGreaterThan(20)
                .allSatisfy(row -> assertThat(row.octets()).isZero());
        assertThat(rows)
                .filteredOn(row -> row.who().equals("a trunk's address"))
                .filteredOn(row -> row.packets() == 1)
                .extracting(Row::what)
                .contains("OPTIONS", "REGISTER", "INVITE to nobody", "malformed")
                .contains("BYE of another's call");
        assertThat(rows)
                .filteredOn(row -> row.who().endsWith("to another"))
                .hasSize(2)
                .allSatisfy(row -> assertThat(row.octets()).isZero());
    }

    @Story
    void aChallengeIsNoLongerThanWhatItAnswersEither() throws Exception {
        List<Row> rows = by(TRUNK_WITH_PASSWORD).rows();
        assertThat(rows).allSatisfy(row -> assertThat(row.factor()).isLessThanOrEqualTo(1));
        assertThat(rows)
                .filteredOn(row -> row.who().equals("a trunk's address"))
                .filteredOn(row -> row.packets() == 1)
                .extracting(Row::what)
                .contains("INVITE of a telephone to nobody", "malformed");
    }
}

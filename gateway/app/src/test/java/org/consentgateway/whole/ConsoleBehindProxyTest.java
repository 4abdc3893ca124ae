package org.consentgateway.whole;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.consentgateway.console.account.ConsoleRole;
import org.consentgateway.console.account.TotpSecret;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

/** All who sign in come by one proxy, and are told apart by what it adds. */
@Timeout(120)
class ConsoleBehindProxyTest {
    @RegisterExtension
    static final TestGateway gateway =
            TestGateway.with(
                    TestGateway.Wishes.USUAL,
                    yaml ->
                            ConsoleVisitor.LISTEN.replace(
                                            "console: {", "console: {behind-proxy: true, ")
                                    + yaml);

    private static int tries(String name, String code, String addresses) throws Exception {
        var visitor = new ConsoleVisitor(gateway);
        return visitor.send(
                        visitor.posted(
                                        "/sign-in",
                                        Map.of(
                                                "name",
                                                name,
                                                "password",
                                                ConsoleVisitor.PASSWORD,
                                                "code",
                                                code))
                                .header("Sec-Fetch-Site", "same-origin")
                                .header("X-Forwarded-For", addresses))
                .statusCode();
    }

    @Test
    void oneWhoGuessesKeepsNobodyElseOut() throws Exception {
        Map<String, TotpSecret> operators = new LinkedHashMap<>();
        for (String name : List.of("anna", "ben", "cara", "dan")) {
            operators.put(name, ConsoleVisitor.add(gateway, name, ConsoleRole.OPERATOR));
        }
        int last = 0;
        for (int i = 0; i < 100 && last != 429; i++) {
            last = tries("nobody" + i, "000000", "198.51.100." + i + ", 192.0.2.1");
        }
        assertThat(last).as("whatever it says of itself").isEqualTo(429);
        for (Map.Entry<String, TotpSecret> each : operators.entrySet()) {
            assertThat(tries(each.getKey(), ConsoleVisitor.code(each.getValue()), "192.0.2.2"))
                    .as(each.getKey())
                    .isEqualTo(303);
        }
    }
}

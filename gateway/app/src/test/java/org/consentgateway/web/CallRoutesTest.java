package org.consentgateway.web;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.javalin.Javalin;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/** What bots may say in TwiML, and what it costs to read what they say. */
@Timeout(60)
class CallRoutesTest {
    private static final HttpClient CLIENT = HttpClient.newHttpClient();
    private static final String BEGUN = "<Response><Dial>";
    private static final String ENDED = "</Dial></Response>";

    private final List<String> asked = new CopyOnWriteArrayList<>();
    private final Javalin server;

    CallRoutesTest() throws IOException {
        server =
                HttpListener.start(
                        new InetSocketAddress(InetAddress.getLoopbackAddress(), 0),
                        new HttpListener.Limits(8_192, 8_192, 50),
                        routes -> {
                            Routes.onlyErrors(routes);
                            new CallRoutes(new Asked()).into(routes);
                        });
    }

    @AfterEach
    void stop() {
        server.stop();
    }

    private final class Asked implements CallControl {
        @Override
        public boolean knows(String account, String token) {
            return true;
        }

        @Override
        public Answer hangUp(String account, String call) {
            asked.add("hang up");
            return Answer.DONE;
        }

        @Override
        public Answer handOver(String account, String call, String to) {
            asked.add("to " + to);
            return Answer.DONE;
        }
    }

    private HttpResponse<String> says(String twiml) throws Exception {
        return says("Basic " + base64("AC1:secret"), twiml);
    }

    private static String base64(String login) {
        return Base64.getEncoder().encodeToString(login.getBytes(UTF_8));
    }

    private HttpResponse<String> says(String authorization, String twiml) throws Exception {
        return CLIENT.send(
                HttpRequest.newBuilder(
                                URI.create(
                                        "http://127.0.0.1:%d/2010-04-01/Accounts/AC1/Calls/CA1.json"
                                                .formatted(server.port())))
                        .timeout(Duration.ofSeconds(10))
                        .header("Authorization", authorization)
                        .header("Content-Type", "application/x-www-form-urlencoded")
                        .POST(
                                HttpRequest.BodyPublishers.ofString(
                                        "Twiml=" + URLEncoder.encode(twiml, UTF_8)))
                        .build(),
                HttpResponse.BodyHandlers.ofString());
    }

    @ParameterizedTest
    @CsvSource({
        "<Response><Dial>front-desk</Dial></Response>, to front-desk",
        "<Response><Say>One moment.</Say><Dial> front-desk </Dial></Response>, to front-desk",
        "<Dial callerId='+4930123456' timeout='20'><Sip> sip:a@b.example </Sip></Dial>,"
                + " to sip:a@b.example",
        "<Dial>  <Number>+4930123456</Number> </Dial>, to +4930123456",
        "<Response><Hangup/></Response>, hang up",
        "<Response><Dial>front-desk</Dial><Hangup/></Response>, to front-desk",
        "<Response><Hangup/><Dial>front-desk</Dial></Response>, hang up"
    })
    void whatTheirClientsWriteIsRead(String twiml, String read) throws Exception {
        assertThat(says(twiml).statusCode()).isEqualTo(200);
        assertThat(asked).containsExactly(read);
    }

    static List<String> noLogin() {
        return List.of(
                "Basic " + base64("abc"), // no colon in it: RFC 7617, section 2
                "Basic " + base64(""),
                "Basic " + base64(":"),
                "Basic !",
                "Basic",
                "Bearer abc",
                "abc");
    }

    /** Found in the product before: 500 and a mistake in the log, for any stranger. */
    @ParameterizedTest
    @MethodSource("noLogin")
    void whatIsNoLoginIsRefused(String authorization) throws Exception {
        HttpResponse<String> answer = says(authorization, "<Hangup/>");

        assertThat(answer.statusCode()).isEqualTo(401);
        assertThat(answer.headers().firstValue("WWW-Authenticate")).isPresent();
        assertThat(asked).isEmpty();
    }

    @Test
    void whoDialsNobodyIsTold() throws Exception {
        for (String twiml :
                List.of("", "<Dial>", "<Dial></Dial>", "<Dial> \n </Dial>", "<Dial><Sip> </Sip>")) {
            assertThat(says(twiml).statusCode()).as(twiml).isEqualTo(400);
        }
        assertThat(asked).isEmpty();
    }

    @Test
    void asLongAsTwilioTakesItAndNoLonger() throws Exception {
        String spaces = " ".repeat(CallRoutes.LONGEST_TWIML - (BEGUN + "human" + ENDED).length());
        assertThat(says(BEGUN + spaces + "human" + ENDED).statusCode()).isEqualTo(200);
        assertThat(asked).containsExactly("to human");
        assertThat(says(BEGUN + spaces + " human" + ENDED).statusCode()).isEqualTo(400);
        String longer = BEGUN + spaces + "human</Dial><Hangup/></Response>";
        assertThat(says(longer).statusCode()).as("whatever follows").isEqualTo(400);
        assertThat(asked).containsExactly("to human");
    }

    static List<String> costly() {
        return List.of(
                "<Dial>" + " ".repeat(3_990),
                "<Dial>" + " ".repeat(1_990) + "<Sip>" + " ".repeat(1_990),
                "<Dial ".repeat(650),
                "<Hangu".repeat(650),
                "<Dial>".repeat(650),
                "<Dial> <Sip> ".repeat(300),
                "<Dial><" + "a".repeat(3_990));
    }

    /** The processor is that of all calls: no text keeps it busy. */
    @ParameterizedTest
    @MethodSource("costly")
    void noTextTakesLongToRead(String twiml) throws Exception {
        assertThat(says(twiml).statusCode()).isEqualTo(400);
        assertThat(asked).isEmpty();
    }
}

package org.consentgateway.whole;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.consentgateway.media.audio.Tone;
import org.consentgateway.media.codec.G711;
import org.consentgateway.testkit.AnsweredCall;
import org.consentgateway.testkit.Caller;
import org.consentgateway.testkit.CallerAudio;
import org.consentgateway.testkit.Sipp;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A caller over IPv6, an assistant over IPv4: signalling and media, through one node. */
@Timeout(value = 60, unit = TimeUnit.SECONDS)
class Ipv6CallTest {
    private static final String NUMBER = "+491700000066";
    private static final byte[] VOICE = G711.PCMA.encode(Tone.sine(Caller.VOICE_HERTZ, 8000, 6000));

    @TempDir private Path folder;

    private static String overIpv6Too(String yaml) {
        return yaml.replaceFirst("(listen: \\[[^\\]]*)]", "$1, \"udp:[::1]:0\"]")
                .replaceFirst("ring-timeout: 5s", "ring-timeout: 5s, diversion: true")
                .replace("address: 127.0.0.1\n", "address: \"::\"\n")
                .replace("sources: [\"127.0.0.1\"]", "sources: [\"127.0.0.1\", \"::1\"]");
    }

    @Test
    void theWholeCallIsHeardOverIpv6() throws Exception {
        try (TestGateway gateway =
                TestGateway.start(folder, TestGateway.Wishes.USUAL, Ipv6CallTest::overIpv6Too)) {
            Sipp.Result result =
                    new Sipp("presses-key", gateway.gateway().listening().getLast())
                            .from("::1")
                            .calling(TestGateway.ONE_LEVEL)
                            .as(NUMBER)
                            .set("talk", 5500)
                            .saying(new CallerAudio().says(VOICE, 2900).key('1').says(VOICE, 4000))
                            .run();
            assertThat(result.succeeded()).as(result.errors()).isTrue();
            gateway.tellsOfTalk(NUMBER, "basis");
            String call = gateway.callIds(NUMBER).getFirst();
            List<AnsweredCall> visits = gateway.assistant().calls("X-Gateway-Call-Id", call);
            assertThat(visits).hasSize(1);
            assertThat(visits.getFirst().heardTheCaller()).isTrue();
            assertThat(visits.getFirst().invite()).contains("c=IN IP4 127.0.0.1");
            // This assistant may know, and those of the other tests may not.
            assertThat(visits.getFirst().header("Diversion"))
                    .isEqualTo("<sip:+493099887766@[::1]>;reason=no-answer");
            await().until(() -> visits.getFirst().over());
        }
    }
}

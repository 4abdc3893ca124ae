package org.consentgateway.testkit.attack;

import java.io.IOException;
import java.io.PrintStream;
import java.util.List;

/**
 * Headers that silenced or killed a gateway once, each in one INVITE, and an honest caller behind
 * each. Confined to one thread.
 */
final class Poison {
    private static final int PATIENCE_MILLIS = 2000;

    private static final List<String> HEADERS =
            List.of(
                    "RSeq: x",
                    "MIME-Version: x.y",
                    "Server: /",
                    "Contact: *",
                    "Via: SIP/2.0/UDP h (\\",
                    "v: SIP/2.0/UDP h (\\");

    private final Target target;
    private final PrintStream out;
    private final Honest honest;

    Poison(Target target, PrintStream out, Honest honest) {
        this.target = target;
        this.out = out;
        this.honest = honest;
    }

    void run() throws IOException, InterruptedException {
        honest.begins();
        for (String header : HEADERS) {
            try (Connection connection = Connection.open(target)) {
                RawCall call = new RawCall(connection, target);
                call.invites(target.sdp(40_000), header + "\r\n");
                int status = call.answer(PATIENCE_MILLIS);
                out.printf("INVITE with %s: %s%n", header, status == 0 ? "no answer" : status);
                if (status > 0) {
                    call.acknowledges();
                }
                if (status == 200) {
                    call.hangsUp();
                }
            }
            honest.calls();
            Thread.sleep(1000);
        }
        out.println(honest.report());
    }
}

package org.consentgateway.sip.dialog;

import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.function.Consumer;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.sip.message.Request;
import javax.sip.message.Response;
import org.consentgateway.sip.message.HeaderText;
import org.consentgateway.sip.transport.TransactionUser;
import org.jspecify.annotations.Nullable;

/**
 * We have asked the peer to call somebody else instead of us: a blind transfer (RFC 5589 §6), of
 * which it tells by NOTIFY how it goes (RFC 3515 §2.4.4). Guarded by its leg's lock.
 *
 * <pre>
 *   us                        peer
 *    │ REFER, Refer-To ───────► │
 *    │ ◄─────────────────── 202 │  INVITE to the target
 *    │ ◄── NOTIFY: SIP/2.0 100  │
 *    │ ◄── NOTIFY: SIP/2.0 200  │  it has answered
 *    │ BYE ───────────────────► │
 * </pre>
 */
final class SentRefer implements TransactionUser {
    private static final Pattern STATUS =
            Pattern.compile("SIP/2\\.0 (\\d{3})\\b.*", Pattern.DOTALL);

    private final LegState state;
    private final Consumer<Boolean> reached;
    private boolean over;

    /**
     * @param reached told once, whether the target has answered
     */
    SentRefer(LegState state, Consumer<Boolean> reached) {
        this.state = state;
        this.reached = reached;
    }

    @Override
    public void response(Response response, InetAddress source) {
        if (response.getStatusCode() >= 300) {
            state.act(() -> end(false));
        }
    }

    @Override
    public void failed(boolean timeout) {
        state.act(() -> end(false));
    }

    /** With the lock held. */
    void notified(Request notify) {
        int status = status(notify.getRawContent());
        if (status >= 200) {
            end(status < 300);
        } else if (isTerminated(HeaderText.first(notify, "Subscription-State"))) {
            end(false); // nobody will tell us any more
        }
    }

    private static int status(byte @Nullable [] fragment) {
        Matcher line =
                STATUS.matcher(
                        fragment == null ? "" : new String(fragment, StandardCharsets.UTF_8));
        return line.matches() ? Integer.parseInt(line.group(1)) : 0;
    }

    private static boolean isTerminated(@Nullable String state) {
        return state != null && state.toLowerCase(Locale.ROOT).startsWith("terminated");
    }

    /** With the lock held. */
    void end(boolean answered) {
        if (!over) {
            over = true;
            state.tell(() -> reached.accept(answered));
        }
    }
}

package org.consentgateway.sip.dialog;

import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.function.Consumer;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.sip.header.ContentTypeHeader;
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
 *
 * One that tells nothing ends the call behind its 202 instead, as {@link
 * IncomingCall.ReferResult#HANDED_OVER} says.
 */
final class SentRefer implements TransactionUser {
    private static final Pattern STATUS =
            Pattern.compile("SIP/2\\.0 (\\d{3})\\b.*", Pattern.DOTALL);

    private final LegState state;
    private final Consumer<IncomingCall.ReferResult> result;
    private boolean taken;
    private boolean underWay;
    private boolean over;

    /**
     * @param result told once
     */
    SentRefer(LegState state, Consumer<IncomingCall.ReferResult> result) {
        this.state = state;
        this.result = result;
    }

    /** Whether it is not known yet what became of it. With the lock held. */
    boolean isOpen() {
        return !over;
    }

    @Override
    public void response(Response response, InetAddress source) {
        int status = response.getStatusCode();
        if (status >= 300) {
            state.act(() -> end(IncomingCall.ReferResult.FAILED));
        } else if (status >= 200) {
            state.act(() -> taken = true);
        }
    }

    @Override
    public void failed(boolean timeout) {
        state.act(() -> end(IncomingCall.ReferResult.FAILED));
    }

    /** With the lock held. */
    void notified(Request notify) {
        underWay = true;
        int status = isFragment(notify) ? status(notify.getRawContent()) : 0;
        if (status >= 300) {
            end(IncomingCall.ReferResult.FAILED);
        } else if (status >= 200) {
            end(IncomingCall.ReferResult.ANSWERED);
        } else if (isTerminated(HeaderText.first(notify, "Subscription-State"))) {
            end(IncomingCall.ReferResult.FAILED); // nobody will tell us any more
        }
    }

    /** RFC 3515 §2.4.5: any other body may hold whatever looks like a status line. */
    private static boolean isFragment(Request notify) {
        return notify.getHeader(ContentTypeHeader.NAME) instanceof ContentTypeHeader type
                && type.getContentType().equalsIgnoreCase("message")
                && type.getContentSubType().equalsIgnoreCase("sipfrag");
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
    void callEnded(IncomingCall.How how) {
        boolean handedOver = how == IncomingCall.How.BYE && taken && !underWay;
        end(handedOver ? IncomingCall.ReferResult.HANDED_OVER : IncomingCall.ReferResult.ENDED);
    }

    /** With the lock held. */
    void end(IncomingCall.ReferResult how) {
        if (!over) {
            over = true;
            state.tell(() -> result.accept(how));
        }
    }
}

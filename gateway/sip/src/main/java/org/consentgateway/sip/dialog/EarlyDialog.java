package org.consentgateway.sip.dialog;

import java.util.ArrayList;
import java.util.List;
import javax.sip.SipException;
import javax.sip.header.ToHeader;
import javax.sip.message.Request;
import javax.sip.message.Response;
import org.consentgateway.sip.message.HeaderText;
import org.consentgateway.sip.sdp.SdpBody;
import org.consentgateway.sip.sdp.SessionDescription;
import org.consentgateway.sip.transport.LocalAddress;
import org.consentgateway.sip.transport.Stack;
import org.consentgateway.sip.transport.TransactionUser;
import org.jspecify.annotations.Nullable;

/**
 * What provisional responses to our INVITE have made: a dialog for those that want a PRACK (RFC
 * 3262 §4), and the description they bore. Guarded by its leg's lock.
 */
final class EarlyDialog {
    /** PRACKs of one call: each is repeated to wherever the Contact of its response says. */
    static final int MAX_PRACKS = 16;

    /** Branches that are kept: tags are the far side's to choose. */
    private static final int MAX_BRANCHES = 16;

    /**
     * One of those that a proxy has forked to: each numbers its responses itself. An INVITE that is
     * tried anew has others, whatever their tags.
     */
    private static final class Branch {
        private final Dialog.Asked asked;
        private final String tag;
        private @Nullable Dialog dialog;
        private @Nullable SessionDescription description;
        private long rSeq;

        private Branch(Dialog.Asked asked, String tag) {
            this.asked = asked;
            this.tag = tag;
        }

        /** What comes ahead of another is repeated until it is its turn (RFC 3262 §4). */
        boolean isNext(long number) {
            return number > 0 && (rSeq == 0 || number == rSeq + 1);
        }
    }

    private final Stack stack;
    private final Requests requests;
    private final List<Branch> branches = new ArrayList<>();
    private int pracks;

    EarlyDialog(Stack stack, Requests requests) {
        this.stack = stack;
        this.requests = requests;
    }

    /**
     * @param asked by what it responds to
     * @param at from where that went
     */
    void provisional(Response response, Dialog.Asked asked, LocalAddress at) {
        Branch branch = branch(asked, response);
        boolean reliable = HeaderText.tokens(response, "Require").contains("100rel");
        long number = number(HeaderText.first(response, "RSeq"));
        if (branch == null || (reliable && !branch.isNext(number))) {
            return;
        }
        if (SdpBody.of(response) instanceof SdpBody.Described(SessionDescription described)) {
            branch.description = described;
        }
        if (reliable && pracks < MAX_PRACKS) {
            pracks++;
            branch.rSeq = number;
            Dialog dialog =
                    branch.dialog == null
                            ? Dialog.answered(stack, at, asked, response)
                            : branch.dialog;
            branch.dialog = dialog;
            prack(dialog, response, number);
        }
    }

    /** Null where there are too many. */
    private @Nullable Branch branch(Dialog.Asked asked, Response response) {
        Branch present = known(asked, response);
        if (present != null || branches.size() == MAX_BRANCHES) {
            return present;
        }
        var branch = new Branch(asked, tag(response));
        branches.add(branch);
        return branch;
    }

    /** Null if it has not rung. */
    private @Nullable Branch known(Dialog.Asked asked, Response response) {
        String tag = tag(response);
        for (Branch branch : branches) {
            if (branch.tag.equals(tag) && branch.asked.equals(asked)) {
                return branch;
            }
        }
        return null;
    }

    /** Whether one with this tag has rung. */
    boolean has(String tag) {
        return !tag.isEmpty() && branches.stream().anyMatch(branch -> branch.tag.equals(tag));
    }

    private void prack(Dialog dialog, Response response, long number) {
        try {
            Request prack = dialog.request(Request.PRACK);
            requests.writer.header(prack, "RAck", number + " " + Dialog.cseq(response) + " INVITE");
            requests.send(dialog, prack, TransactionUser.WHATEVER);
        } catch (SipException noRequest) {
            // They repeat it, and in the end give up.
        }
    }

    /** What the side that has answered described before; null if it has not. */
    @Nullable SessionDescription description(Response ok, Dialog.Asked asked) {
        Branch rang = known(asked, ok);
        return rang == null ? null : rang.description;
    }

    /** The dialog of a 2xx: this one, if it has the same tag (RFC 3261 §13.2.2.4). */
    Dialog confirmed(Response ok, Dialog.Asked asked, LocalAddress at) {
        Branch rang = known(asked, ok);
        return rang == null || rang.dialog == null
                ? Dialog.answered(stack, at, asked, ok)
                : rang.dialog.confirmed(ok);
    }

    private static long number(@Nullable String text) {
        return text != null && text.matches("\\d{1,10}") ? Long.parseLong(text) : -1;
    }

    static String tag(Response response) {
        ToHeader to = (ToHeader) response.getHeader(ToHeader.NAME);
        return to.getTag() == null ? "" : to.getTag();
    }
}

package org.consentgateway.whole;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.consentgateway.testkit.AnsweredCall;
import org.consentgateway.testkit.Caller;
import org.consentgateway.testkit.SipDialog;
import org.consentgateway.testkit.SipMessage;
import org.consentgateway.testkit.SipPeer;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

/**
 * Whoever knows all names of a running call, from the address of its own trunk or of another, gets
 * it neither moved nor taken over nor ended, and is joined to nobody.
 */
@Timeout(value = 60, unit = TimeUnit.SECONDS)
class TakeoverTest {
    /** Any other method in a dialog, and what is answered where its names are not all right. */
    private static final List<String> METHODS =
            List.of(
                    "INVITE",
                    "UPDATE",
                    "INFO",
                    "BYE",
                    "REFER",
                    "NOTIFY",
                    "SUBSCRIBE",
                    "MESSAGE",
                    "PUBLISH",
                    "OPTIONS",
                    "PRACK");

    @RegisterExtension
    static final TestGateway gateway = TestGateway.with(TestGateway.Wishes.USUAL);

    /** The dialog that an INVITE of ours began, as the headers Replaces and Join name it. */
    private static String names(SipMessage invite) {
        return invite.header("Call-ID") + ";to-tag=" + invite.fromTag() + ";from-tag=x";
    }

    @Story
    void aCallerWhoNamesADialogInReplacesOrJoinHasACallOfItsOwnAndNoMore() throws Exception {
        String number = "+491741000901";
        try (Caller caller = gateway.caller(TestGateway.ONE_LEVEL, number)) {
            AnsweredCall assistant = gateway.talksWithTheAssistant(caller, number);
            String dialog = names(new SipMessage(assistant.invite()));
            Map<String, String> required =
                    Map.of("replaces", "Replaces: " + dialog, "join", "Join: " + dialog);
            for (Map.Entry<String, String> each : required.entrySet()) {
                String other = "+4917410009" + (each.getKey().equals("join") ? "11" : "12");
                try (Caller taker = gateway.caller(TestGateway.ONE_LEVEL, other)) {
                    taker.withHeaders(
                            "Require: " + each.getKey() + "\r\n" + each.getValue() + "\r\n");
                    assertThat(taker.isRefused(420).header("Unsupported")).isEqualTo(each.getKey());
                }
                String third = "+4917410009" + (each.getKey().equals("join") ? "21" : "22");
                try (Caller taker = gateway.caller(TestGateway.ONE_LEVEL, third)) {
                    taker.withHeaders(each.getValue() + "\r\n").calls();
                    gateway.tells(third, "Served opening");
                    assertThat(assistant.over()).isFalse();
                    assertThat(gateway.assistant().calls("From", third)).isEmpty();
                }
            }
            assertThat(caller.asks("OPTIONS", "").status()).isEqualTo(200);
            assertThat(assistant.over()).isFalse();
        }
    }

    @Story
    void theCallersSideNeitherMovesNorEndsTheAssistantsDialog() throws Exception {
        String number = "+491741000902";
        try (Caller caller = gateway.caller(TestGateway.ONE_LEVEL, number);
                SipPeer here = SipPeer.udp("127.0.0.1", gateway.sip());
                SipPeer there = SipPeer.udp(TestGateway.NARROW_TRUNK, gateway.sip())) {
            AnsweredCall assistant = gateway.talksWithTheAssistant(caller, number);
            SipMessage invite = new SipMessage(assistant.invite());
            int asked = assistant.asked().size();
            for (String method : METHODS) {
                SipDialog forged = new SipDialog(here);
                forged.toTag = invite.fromTag();
                String text =
                        forged.next(method, "application/sdp", SipDialog.OFFER)
                                .replace(forged.callId, invite.header("Call-ID"));
                here.send(text);
                assertThat(here.expectAnswer(method).status()).as(method).isEqualTo(481);
                there.send(text.replace("127.0.0.1:" + here.port, there.host + ":" + there.port));
            }
            assertThat(there.hearsNothing(300)).as("another address than the dialog's").isTrue();
            assertThat(assistant.over()).isFalse();
            assertThat(assistant.asked()).hasSize(asked);
            assertThat(caller.asks("OPTIONS", "").status()).isEqualTo(200);
        }
    }

    @Story
    void withinACallNobodyIsHandedOverAndNothingIsSubscribedTo() throws Exception {
        String number = "+491741000903";
        try (Caller caller = gateway.caller(TestGateway.ONE_LEVEL, number)) {
            AnsweredCall assistant = gateway.talksWithTheAssistant(caller, number);
            String human = "Refer-To: <" + gateway.human().uri() + ">\r\n";
            Map<String, Integer> statuses =
                    Map.of(
                            "REFER",
                            603,
                            "SUBSCRIBE",
                            405,
                            "MESSAGE",
                            405,
                            "PUBLISH",
                            405,
                            "NOTIFY",
                            400,
                            "PRACK",
                            481);
            for (Map.Entry<String, Integer> each : statuses.entrySet()) {
                assertThat(caller.asks(each.getKey(), human + "Event: refer\r\n").status())
                        .as(each.getKey())
                        .isEqualTo(each.getValue());
            }
            assertThat(caller.asks("NOTIFY", "Event: refer\r\nSubscription-State: active\r\n"))
                    .extracting(SipMessage::status)
                    .isEqualTo(481);
            assertThat(caller.asks("INVITE", "Require: replaces\r\n").status()).isEqualTo(420);
            String replaces = "Replaces: " + names(new SipMessage(assistant.invite())) + "\r\n";
            assertThat(caller.asks("INVITE", replaces).status()).isEqualTo(200);
            assertThat(assistant.over()).isFalse();
            assertThat(gateway.human().calls("From", number)).isEmpty();
        }
    }

    @Story
    void strangersToAllCallsReferSubscribeAndPublishNothing() throws Exception {
        try (SipPeer peer = SipPeer.udp("127.0.0.1", gateway.sip())) {
            Map<String, Integer> statuses =
                    Map.of(
                            "REFER",
                            405,
                            "SUBSCRIBE",
                            405,
                            "MESSAGE",
                            405,
                            "PUBLISH",
                            405,
                            "NOTIFY",
                            405,
                            "INFO",
                            481,
                            "UPDATE",
                            481,
                            "PRACK",
                            481,
                            "BYE",
                            481);
            for (Map.Entry<String, Integer> each : statuses.entrySet()) {
                SipDialog phone = new SipDialog(peer);
                phone.extra =
                        String.join(
                                "\r\n",
                                "Refer-To: <sip:x@127.0.0.1>",
                                "Target-Dialog: a;local-tag=b;remote-tag=c",
                                "");
                peer.send(phone.next(each.getKey(), "", ""));
                assertThat(phone.expect(each.getValue()).status()).isEqualTo(each.getValue());
            }
        }
    }
}

package org.consentgateway.sip.endpoint;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.Predicate;
import org.consentgateway.sip.dialog.IncomingCall;
import org.consentgateway.sip.screen.CallAdmission;
import org.consentgateway.testkit.SipPeer;

/** A gateway that admits as told, remembers its calls and answers them as told. Thread-safe. */
final class Switchboard implements CallHandler {
    static final InetSocketAddress MEDIA =
            new InetSocketAddress(InetAddress.ofLiteral("127.0.0.1"), 30000);

    volatile CallAdmission admission = new CallAdmission.Accepted();
    volatile CallAdmission door = new CallAdmission.Accepted();
    volatile Predicate<String> serves = _ -> true;
    volatile Consumer<IncomingCall> onCall = call -> {};
    final BlockingQueue<IncomingCall> calls = new LinkedBlockingQueue<>();
    final BlockingQueue<String> asked = new LinkedBlockingQueue<>();

    @Override
    public CallAdmission door(String trunk, boolean proven) {
        return door;
    }

    @Override
    public boolean serves(String trunk, String calledNumber) {
        return serves.test(calledNumber);
    }

    @Override
    public CallAdmission admit(String trunk, String calledNumber) {
        asked.add(trunk + " " + calledNumber);
        return admission;
    }

    @Override
    public void call(IncomingCall call) {
        calls.add(call);
        onCall.accept(call);
    }

    IncomingCall nextCall() throws InterruptedException {
        IncomingCall call = calls.poll(SipPeer.PATIENCE_MILLIS, TimeUnit.MILLISECONDS);
        if (call == null) {
            throw new AssertionError("no call came in");
        }
        return call;
    }

    /** Answers each call at once and tells what happens into {@code heard}. */
    void answerAll(IncomingCall.Events heard) {
        onCall =
                call -> {
                    call.ring();
                    call.answer(MEDIA, heard);
                };
    }
}

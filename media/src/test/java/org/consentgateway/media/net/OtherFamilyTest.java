package org.consentgateway.media.net;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.epoll.EpollIoHandler;
import io.netty.channel.nio.NioIoHandler;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.DatagramChannel;
import org.consentgateway.media.net.udp.EpollUdp;
import org.consentgateway.media.net.udp.LoopIo;
import org.consentgateway.media.net.udp.NioUdp;
import org.consentgateway.media.net.udp.Sent;
import org.consentgateway.media.net.udp.UdpSocket;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;

/** An address of IPv6 is none to a socket of IPv4, and no part of it is one, either. */
class OtherFamilyTest {
    private static final InetSocketAddress ANY =
            new InetSocketAddress(InetAddress.ofLiteral("127.0.0.1"), 0);

    private interface Opening {
        UdpSocket open(LoopIo io) throws IOException;
    }

    @Test
    @EnabledOnOs(OS.LINUX)
    void nothingGoesToItsLastFourOctetsByEpoll() throws Exception {
        try (var group = new MultiThreadIoEventLoopGroup(1, EpollIoHandler.newFactory())) {
            nothingGoes(new LoopIo(group.next(), true), io -> EpollUdp.open(io, ANY, 0));
        }
    }

    @Test
    void nothingGoesToItsLastFourOctetsByNio() throws Exception {
        try (var group = new MultiThreadIoEventLoopGroup(1, NioIoHandler.newFactory())) {
            nothingGoes(new LoopIo(group.next(), false), io -> NioUdp.open(io, ANY, 0));
        }
    }

    private static void nothingGoes(LoopIo io, Opening opening) throws Exception {
        UdpSocket socket = opening.open(io);
        try (DatagramChannel bystander = DatagramChannel.open().bind(ANY)) {
            bystander.configureBlocking(false);
            int port = ((InetSocketAddress) bystander.getLocalAddress()).getPort();
            var six = new InetSocketAddress(InetAddress.ofLiteral("2001:db8::7f00:1"), port);
            var four = new InetSocketAddress(InetAddress.ofLiteral("127.0.0.1"), port);
            assertThat(socket.send(io.outbound(), 0, 1, six)).isEqualTo(Sent.FAILED);
            assertThatThrownBy(() -> socket.connect(six)).isInstanceOf(IOException.class);
            assertThat(socket.connected()).isFalse();
            assertThat(bystander.receive(ByteBuffer.allocate(9))).isNull();
            assertThat(socket.send(io.outbound(), 0, 1, four)).isEqualTo(Sent.TAKEN);
        } finally {
            socket.close();
        }
    }
}

package org.consentgateway.media.fuzz;

import java.util.HexFormat;
import java.util.List;

/** Packets that are right. */
final class Samples {
    static final List<byte[]> RTP =
            List.of(
                    hex("8008000a000000a000001234" + "d5".repeat(160)),
                    hex("80e50010000000a000001234010a00a0"),
                    hex("8065001200000640000012340b8a0320"),
                    hex("9208000c000000a0000012340000000100000002bede0001ffffffffd5d5d5d5"),
                    hex("a008000e000000a000001234d5d5d5d500000004"));
    static final List<byte[]> RTCP =
            List.of(
                    hex(
                            "81c8000c0000123483aa7e80123456780000000a000000050000032000000999"
                                    + "1000000100000010000000050000002000000000"
                                    + "81ca00020000123401046162636400000000".substring(0, 24)),
                    hex("80c9000100001234" + "81ca0003000012340104616263640000"),
                    hex("80c9000100001234" + "81cb000100001234"),
                    hex("81c9000700000001000000020a0000050000aaaa000000100000000000000000"));

    private Samples() {}

    static byte[] hex(String text) {
        return HexFormat.of().parseHex(text);
    }
}

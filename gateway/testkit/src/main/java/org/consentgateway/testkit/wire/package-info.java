/** Bad lines, and packets as the kernel saw them. */
@NullMarked
package org.consentgateway.testkit.wire;

import org.jspecify.annotations.NullMarked;

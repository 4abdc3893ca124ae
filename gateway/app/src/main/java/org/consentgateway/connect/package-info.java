/** Other systems of the company and what they are asked to do, by HTTP. */
@NullMarked
package org.consentgateway.connect;

import org.jspecify.annotations.NullMarked;

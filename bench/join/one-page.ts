// The floor of a join: two connections in one page, with nothing between them but the relay that all media takes.

import type { Contender } from './contender.js';
import { startDelayedNetwork } from './delayed-network.js';
import { pressAndWait, watchFirstFrame } from './first-frame.js';
import { servePages } from './page-server.js';

const PAGE = `<!doctype html><title>One page</title>
<button disabled>Call</button><video autoplay playsinline></video>
<script type="module">
const button = document.querySelector('button');
const video = document.querySelector('video');
const camera = { width: { ideal: 1280 }, height: { ideal: 720 }, frameRate: { ideal: 30 } };
const stream = await navigator.mediaDevices.getUserMedia({ audio: true, video: camera });
button.onclick = async () => {
  const near = new RTCPeerConnection();
  const far = new RTCPeerConnection();
  near.onicecandidate = ({ candidate }) => far.addIceCandidate(candidate);
  far.onicecandidate = ({ candidate }) => near.addIceCandidate(candidate);
  far.ontrack = ({ streams }) => { video.srcObject = streams[0]; };
  for (const track of stream.getTracks()) near.addTrack(track, stream);
  await near.setLocalDescription();
  await far.setRemoteDescription(near.localDescription);
  await far.setLocalDescription();
  await near.setRemoteDescription(far.localDescription);
};
button.disabled = false;
</script>`;

/**
 * One direction, one machine, no signalling: what no other contender can undercut. Its packets go through the relay
 * of the others, without delay, so that what the relay itself costs is on both sides of the comparison.
 */
export async function startOnePage(): Promise<Contender> {
  const pages = await servePages({ '/': PAGE });
  const network = await startDelayedNetwork(0, { host: '127.0.0.1', port: pages.port });
  return {
    name: 'one_page',
    async join(browser) {
      const context = await browser.newContext();
      await network.enter(context);
      await context.addInitScript(watchFirstFrame, 'video');
      const page = await context.newPage();
      await page.goto(`http://localhost:${pages.port}/`);
      const button = page.locator('button:enabled');
      await button.waitFor();
      const took = await pressAndWait(page, button);
      await context.close();
      return took;
    },
    async close() {
      await network.close();
      await pages.close();
    },
  };
}

// Words of the screens on which there is no call: wrong link, no WebRTC, left, continued elsewhere.

import { defineMessages, translator } from '../i18n.js';

export const screenMessages = defineMessages(
  {
    wrongLinkTitle: 'This link leads nowhere',
    wrongLinkText: 'It may have been cut off on the way. Ask for it again, or start a room of your own.',
    toHome: 'Go to the start',
    unsupportedTitle: 'Calls do not work in this browser',
    leftTitle: 'You left {room}',
    leftText: 'Your camera and microphone are off.',
    rejoin: 'Join again',
    elsewhereTitle: 'The call goes on elsewhere',
    joinHere: 'Join here as well',
    endedTitle: 'You are no longer in {room}',
    reloadPage: 'Reload',
  },
  {
    wrongLinkTitle: '이 링크로는 갈 곳이 없어요',
    wrongLinkText: '링크가 잘렸을지도 몰라요. 다시 받아 보거나, 새 방을 만들어 보세요.',
    toHome: '처음으로',
    unsupportedTitle: '이 브라우저에서는 통화할 수 없어요',
    leftTitle: '‘{room}’ 방에서 나왔어요',
    leftText: '카메라와 마이크는 꺼졌어요.',
    rejoin: '다시 들어가기',
    elsewhereTitle: '통화가 다른 곳에서 이어지고 있어요',
    joinHere: '여기서도 들어가기',
    endedTitle: '‘{room}’ 방에서 나오게 됐어요',
    reloadPage: '새로 고침',
  },
);

export const screens = translator(screenMessages);

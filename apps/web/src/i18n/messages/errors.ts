// A sentence for every error code: what happened and what to do. Codes are never shown.

import type { MaruError } from '@maru/client';
import type { MessageKey } from '@maru/protocol';
import { defineMessages, translator } from '../i18n.js';

const en = {
  'error.badMessage': 'This page and the server do not understand each other. Reload the page.',
  'error.tooLarge': 'That was too much to send at once. Send something smaller.',
  'error.tooFast': 'That was a little too fast. Wait a moment and try again.',
  'error.helloFirst': 'This page and the server do not understand each other. Reload the page.',
  'error.protocolTooOld': 'Maru has a newer version. Reload the page to use it.',
  'error.protocolTooNew': 'This page is newer than the server. Reload in a little while.',
  'error.badRoomName': 'This room name cannot be used. Choose one of 1 to 64 characters.',
  'error.badName': 'This name cannot be used. Choose one of 1 to 64 characters.',
  'error.roomFull': 'This room is full ({limit} people). You can join when someone leaves.',
  'error.roomFullUncounted': 'This room is full. You can join when someone leaves.',
  'error.roomLocked': 'This room is locked. Ask someone inside to unlock it.',
  'error.alreadyJoined': 'You are already in a room in this tab. Reload the page to start over.',
  'error.notInRoom': 'You are no longer in the room. Join again.',
  'error.unknownPeer': 'That person is no longer in the room.',
  'error.peerAway': 'That person is reconnecting. Wait a moment and try again.',
  'error.resumeRefused': 'Your place in the room was given up. Join again.',
  'error.serverClosing': 'The server is restarting. You will be connected again in a moment.',
  'error.serverBusy': 'The server is at its limit right now. Try again in a little while.',
  'error.notSfu': 'This room no longer needs the server for its pictures. Reload the page.',
  'error.badOffer':
    'This browser and the server do not understand each other. Reload the page, or update the browser.',
  'error.sfuFull': 'The server carries as many large rooms as it can. Try again in a little while.',
  'error.sfuUnavailable': 'The server is setting up the room again. You will be connected in a moment.',
  'error.internal': 'Something failed on the server. Try again.',
  'error.serverUnreachable': 'The server cannot be reached. Check your network and try again.',
  'error.requestTimeout': 'The server did not answer in time. Try again.',
  'error.replacedElsewhere': 'You continued this call in another tab or window.',
  'error.noRelay':
    'No direct path was found, and this server has no relay. Whoever runs it can add one: a TURN server.',
  'error.relayUnreachable':
    'No direct path was found, and the relay cannot be reached from here. Whoever runs the server can check that it is up, and open it on TCP port 443 too.',
  'error.relayRefused':
    'No direct path was found, and the relay refused the credentials. Whoever runs the server can check the TURN secret.',
  'error.peerUnreachable': 'Nothing gets through from the other side. Another network there may help.',
  'error.noPath': 'No path to {name} was found. Try another network.',
  'error.noPathUnnamed': 'No path to the other side was found. Try another network.',
  'error.webrtcMissing':
    'This browser cannot make video calls. Open the link in a recent Chrome, Edge, Firefox or Safari.',
  'error.insecureContext':
    'The browser gives camera and microphone only to secure pages. Open this page with https:// in the address.',
  'error.cameraBlocked': 'Your camera is blocked. Allow it from the camera mark in the address bar.',
  'error.cameraBusy': 'Another app is using your camera. Close it and try again.',
  'error.cameraMissing': 'No camera was found. Plug one in, or join without.',
  'error.cameraFailed': 'Your camera did not start. Try again, or choose another one.',
  'error.microphoneBlocked': 'Your microphone is blocked. Allow it from the mark in the address bar.',
  'error.microphoneBusy': 'Another app is using your microphone. Close it and try again.',
  'error.microphoneMissing': 'No microphone was found. Plug one in, or join without.',
  'error.microphoneFailed': 'Your microphone did not start. Try again, or choose another one.',
  'error.screenBlocked':
    'Screen sharing is blocked. Allow it in the browser’s and the system’s settings, then try again.',
  'error.screenFailed': 'The screen could not be shared. Try again, or choose another window.',
  'error.screenUnsupported': 'This browser cannot share a screen. Try it on a computer.',
  'error.speakerFailed': 'This speaker cannot be used. Choose another one.',
  'error.cameraDismissed': 'The question about the camera was closed. Try again and allow it.',
  'error.cameraBlockedBySystem':
    'The system keeps the camera from this browser. Allow it in the system’s settings.',
  'error.cameraBlockedByPolicy':
    'The page around this call does not pass on the camera. Open the call in a tab of its own.',
  'error.microphoneDismissed': 'The question about the microphone was closed. Try again and allow it.',
  'error.microphoneBlockedBySystem':
    'The system keeps the microphone from this browser. Allow it in the system’s settings.',
  'error.microphoneBlockedByPolicy':
    'The page around this call does not pass on the microphone. Open the call in a tab of its own.',
} as const satisfies Record<MessageKey, string> & Record<string, string>;

export const errorMessages = defineMessages(en, {
  'error.badMessage': '페이지와 서버가 서로 알아듣지 못했어요. 페이지를 새로 고쳐 주세요.',
  'error.tooLarge': '한 번에 보내기에는 너무 커요. 나누어 보내 주세요.',
  'error.tooFast': '너무 빨라요. 잠깐 기다렸다가 다시 시도해 주세요.',
  'error.helloFirst': '페이지와 서버가 서로 알아듣지 못했어요. 페이지를 새로 고쳐 주세요.',
  'error.protocolTooOld': '마루가 새로워졌어요. 페이지를 새로 고쳐 주세요.',
  'error.protocolTooNew': '페이지가 서버보다 새로워요. 조금 뒤에 새로 고쳐 주세요.',
  'error.badRoomName': '쓸 수 없는 방 이름이에요. 1~64자로 정해 주세요.',
  'error.badName': '쓸 수 없는 이름이에요. 1~64자로 정해 주세요.',
  'error.roomFull': '이 방은 꽉 찼어요 ({limit}명). 누가 나가면 들어갈 수 있어요.',
  'error.roomFullUncounted': '이 방은 꽉 찼어요. 누가 나가면 들어갈 수 있어요.',
  'error.roomLocked': '방이 잠겨 있어요. 안에 있는 사람에게 열어 달라고 해 주세요.',
  'error.alreadyJoined': '이 탭은 이미 방에 들어가 있어요. 페이지를 새로 고쳐 주세요.',
  'error.notInRoom': '지금은 방 안에 있지 않아요. 다시 들어가 주세요.',
  'error.unknownPeer': '그분은 방에서 나갔어요.',
  'error.peerAway': '그분이 다시 연결하는 중이에요. 잠시 뒤에 다시 시도해 주세요.',
  'error.resumeRefused': '자리가 비워졌어요. 다시 들어가 주세요.',
  'error.serverClosing': '서버가 다시 시작하고 있어요. 곧 다시 연결돼요.',
  'error.serverBusy': '지금은 서버에 자리가 없어요. 조금 뒤에 다시 시도해 주세요.',
  'error.notSfu': '이 방은 이제 서버를 거치지 않아요. 페이지를 새로 고쳐 주세요.',
  'error.badOffer':
    '브라우저와 서버가 서로 알아듣지 못했어요. 페이지를 새로 고치거나 브라우저를 업데이트해 주세요.',
  'error.sfuFull': '지금은 서버가 큰 방을 더 맡을 수 없어요. 조금 뒤에 다시 시도해 주세요.',
  'error.sfuUnavailable': '서버가 방을 다시 준비하고 있어요. 곧 다시 연결돼요.',
  'error.internal': '서버에 문제가 생겼어요. 다시 시도해 주세요.',
  'error.serverUnreachable': '서버에 연결할 수 없어요. 네트워크를 확인하고 다시 시도해 주세요.',
  'error.requestTimeout': '서버가 제때 답하지 않았어요. 다시 시도해 주세요.',
  'error.replacedElsewhere': '다른 탭이나 창에서 통화를 이어 가고 있어요.',
  'error.noRelay':
    '바로 이어지는 길이 없고, 이 서버에는 중계 서버가 없어요. 서버 운영자가 TURN 서버를 추가하면 연결할 수 있어요.',
  'error.relayUnreachable':
    '바로 이어지는 길이 없고, 여기서는 중계 서버에 닿지 않아요. 서버 운영자가 중계 서버가 켜져 있는지 확인하고 TCP 443 포트로도 열어 두면 도움이 돼요.',
  'error.relayRefused':
    '바로 이어지는 길이 없고, 중계 서버가 인증을 거부했어요. 서버 운영자가 TURN 비밀 값을 확인해야 해요.',
  'error.peerUnreachable':
    '상대방 쪽에서 아무것도 오지 않아요. 상대방이 다른 네트워크를 쓰면 나아질 수 있어요.',
  'error.noPath': '{name}님과 연결할 길을 찾지 못했어요. 다른 네트워크에서 시도해 보세요.',
  'error.noPathUnnamed': '상대방과 연결할 길을 찾지 못했어요. 다른 네트워크에서 시도해 보세요.',
  'error.webrtcMissing':
    '이 브라우저로는 영상 통화를 할 수 없어요. 최신 Chrome, Edge, Firefox, Safari에서 링크를 열어 주세요.',
  'error.insecureContext':
    '브라우저는 안전한 페이지에만 카메라와 마이크를 내줘요. 주소를 https://로 열어 주세요.',
  'error.cameraBlocked': '카메라를 쓸 수 없어요. 주소창의 카메라 표시를 눌러 허용해 주세요.',
  'error.cameraBusy': '다른 앱이 카메라를 쓰고 있어요. 그 앱을 닫고 다시 시도해 주세요.',
  'error.cameraMissing': '카메라를 찾지 못했어요. 연결하거나, 카메라 없이 들어가 보세요.',
  'error.cameraFailed': '카메라가 켜지지 않았어요. 다시 시도하거나 다른 카메라를 골라 주세요.',
  'error.microphoneBlocked': '마이크를 쓸 수 없어요. 주소창의 마이크 표시를 눌러 허용해 주세요.',
  'error.microphoneBusy': '다른 앱이 마이크를 쓰고 있어요. 그 앱을 닫고 다시 시도해 주세요.',
  'error.microphoneMissing': '마이크를 찾지 못했어요. 연결하거나, 마이크 없이 들어가 보세요.',
  'error.microphoneFailed': '마이크가 켜지지 않았어요. 다시 시도하거나 다른 마이크를 골라 주세요.',
  'error.screenBlocked': '화면 공유가 막혀 있어요. 브라우저와 시스템 설정에서 허용하고 다시 시도해 주세요.',
  'error.screenFailed': '화면을 공유하지 못했어요. 다시 시도하거나 다른 창을 골라 주세요.',
  'error.screenUnsupported': '이 브라우저는 화면을 공유할 수 없어요. 컴퓨터에서 해 보세요.',
  'error.speakerFailed': '이 스피커는 쓸 수 없어요. 다른 스피커를 골라 주세요.',
  'error.cameraDismissed': '카메라를 묻는 창이 닫혔어요. 다시 시도해서 허용해 주세요.',
  'error.cameraBlockedBySystem':
    '시스템이 이 브라우저에 카메라를 내주지 않아요. 시스템 설정에서 허용해 주세요.',
  'error.cameraBlockedByPolicy':
    '이 통화를 담은 페이지가 카메라를 넘겨주지 않아요. 통화를 새 탭에서 열어 주세요.',
  'error.microphoneDismissed': '마이크를 묻는 창이 닫혔어요. 다시 시도해서 허용해 주세요.',
  'error.microphoneBlockedBySystem':
    '시스템이 이 브라우저에 마이크를 내주지 않아요. 시스템 설정에서 허용해 주세요.',
  'error.microphoneBlockedByPolicy':
    '이 통화를 담은 페이지가 마이크를 넘겨주지 않아요. 통화를 새 탭에서 열어 주세요.',
});

const t = translator(errorMessages);

/** The sentence for a failure. `name` is the other person's, where the failure is about someone. */
export function errorText(error: MaruError, name?: string): string {
  const key = error.messageKey;
  switch (key) {
    case 'error.roomFull':
      return error.detail.limit === undefined
        ? t('error.roomFullUncounted')
        : t('error.roomFull', { limit: error.detail.limit });
    case 'error.noPath':
      return name === undefined ? t('error.noPathUnnamed') : t('error.noPath', { name });
    case 'error.cameraBlocked':
      return t(CAMERA_BLOCKED_BY[error.detail.blockedBy ?? 'person']);
    case 'error.microphoneBlocked':
      return t(MICROPHONE_BLOCKED_BY[error.detail.blockedBy ?? 'person']);
    default:
      return t(key);
  }
}

// Who refused a device decides what can be done about it.
const CAMERA_BLOCKED_BY = {
  person: 'error.cameraBlocked',
  dismissed: 'error.cameraDismissed',
  system: 'error.cameraBlockedBySystem',
  policy: 'error.cameraBlockedByPolicy',
} as const;
const MICROPHONE_BLOCKED_BY = {
  person: 'error.microphoneBlocked',
  dismissed: 'error.microphoneDismissed',
  system: 'error.microphoneBlockedBySystem',
  policy: 'error.microphoneBlockedByPolicy',
} as const;

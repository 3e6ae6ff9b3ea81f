// Words of the device choices, in the lobby and in a call.

import { defineMessages, translator } from '../i18n.js';

export const deviceMessages = defineMessages(
  {
    pickSpeaker: 'Choose a speaker',
    camera: 'Camera',
    microphone: 'Microphone',
    speaker: 'Speaker',
    defaultCamera: 'Default camera',
    defaultMicrophone: 'Default microphone',
    defaultSpeaker: 'Default speaker',
    noCamera: 'No camera',
    noMicrophone: 'No microphone',
    nthCamera: 'Camera {n}',
    nthMicrophone: 'Microphone {n}',
    nthSpeaker: 'Speaker {n}',
    testSound: 'Test sound',
  },
  {
    pickSpeaker: '스피커 고르기',
    camera: '카메라',
    microphone: '마이크',
    speaker: '스피커',
    defaultCamera: '기본 카메라',
    defaultMicrophone: '기본 마이크',
    defaultSpeaker: '기본 스피커',
    noCamera: '카메라 없음',
    noMicrophone: '마이크 없음',
    nthCamera: '카메라 {n}',
    nthMicrophone: '마이크 {n}',
    nthSpeaker: '스피커 {n}',
    testSound: '소리 들어 보기',
  },
);

export const devices = translator(deviceMessages);
